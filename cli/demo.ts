import { runDemo } from "./demo/command";
import { demoHelp, parseDemoOptions } from "./demo/options";
import { runCommand } from "./progress";

runCommand(async (args) => {
  const options = parseDemoOptions(args);
  if (options === undefined) {
    console.log(demoHelp);
    return 0;
  }
  const stop = new AbortController();
  // Once: a second Ctrl-C ends the program as usual.
  process.once("SIGINT", () => {
    stop.abort();
  });
  return runDemo(options, stop.signal);
});
