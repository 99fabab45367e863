// Runs TypeScript as it is: ts-node, with swc as its compiler, which takes a third of the time. Pulumi's language host
// registers ts-node itself, by tsconfig.json; swc would take that one's "module": "node20" for ES modules.
require("ts-node").register({
  swc: true,
  files: false,
  compilerOptions: { module: "commonjs", moduleResolution: "node10", esModuleInterop: true },
});
