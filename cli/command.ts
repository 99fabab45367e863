import { Command } from "commander";

import { stackNames } from "./stack-file";

/** Those whose output is for another program, which npm's own lines would disturb. */
const silent = ["settings", "pseudonym", "report"];

/** `monitor`, before its commands register themselves. */
export function monitorCommand(): Command {
  return new Command("monitor")
    .configureHelp({ commandUsage, subcommandDescription: firstSentence, helpWidth: 100 })
    .helpOption("--help", "show this")
    .helpCommand(false)
    .showHelpAfterError("(--help tells more)");
}

/** Commands are typed through npm, which takes what follows `--` for theirs. */
function commandUsage(command: Command): string {
  return `npm run ${silent.includes(command.name()) ? "--silent " : ""}${command.name()} -- ${command.usage()}`;
}

function firstSentence(command: Command): string {
  return command.description().split(/\.( |$)/)[0] ?? "";
}

/** A command for a stack that is chosen with `--stack`. */
export function stackCommand(monitor: Command, name: string): Command {
  return monitor.command(name).option("--stack <name>", "dev or prod", oneOf("--stack", stackNames), "dev");
}

/**
 * A parser of an option that takes one of some words.
 *
 * @throws Error (the parser) naming the option, what was found and what was expected
 */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) {
      throw new Error(`${option}: found "${text}"; expected one of ${words.join(", ")}`);
    }
    return word;
  };
}

/** Adds a value to those of an option that may be repeated. */
export function repeated(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}
