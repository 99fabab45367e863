import { dashboardsHelp, parseDashboardsOptions, writeDashboardFiles } from "./dashboard-files";
import { runCommand } from "./progress";

runCommand(async (args) => {
  const options = parseDashboardsOptions(args);
  console.log(options === undefined ? dashboardsHelp : (await writeDashboardFiles(options)).join("\n"));
  return 0;
});
