import { reporters, Runner } from "mocha";

/** As mocha's own, and in the end names every test that was skipped: among hundreds of others nobody sees it. */
class SkipsReporter extends reporters.Spec {
  constructor(runner: Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const skipped: string[] = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      skipped.forEach((title) => {
        console.log(`  skipped: ${title}`);
      });
    });
  }
}

// mocha takes the module itself for the reporter.
export = SkipsReporter;
