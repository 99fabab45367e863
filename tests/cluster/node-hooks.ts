import { RootHookObject } from "mocha";

import { TestCluster } from "./test-cluster";

/** Mocha's root hooks: the shared cluster ends with the run. */
export const mochaHooks: RootHookObject = {
  async afterAll(this: Mocha.Context) {
    this.timeout(120_000);
    await TestCluster.end();
  },
};
