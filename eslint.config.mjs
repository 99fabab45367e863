import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "coverage/", "**/*.mjs"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "max-lines": ["error", 300],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      eqeqeq: "error",
    },
  },
  {
    // A doc comment names its subject: a noun phrase, or a verb such as "Returns".
    files: [
      "components/**/*.ts",
      "dashboards/**/*.ts",
      "telemetry/**/*.ts",
      "client/**/*.ts",
      "doctor/**/*.ts",
      "lab/**/*.ts",
      "*.ts",
      "config/**/*.ts",
      "cli/**/*.ts",
      "synthetic/**/*.ts",
    ],
    plugins: { jsdoc },
    rules: {
      "jsdoc/match-description": [
        "error",
        {
          contexts: ["any"],
          mainDescription: {
            match: "^(?!(?:What|Who|Whom|Whose|Where|How|Whether|When|Which|Why)\\b)",
            message: "begin with a noun phrase or a verb, not with a question word",
          },
        },
      ],
    },
  },
  {
    // Pulumi registers a resource when it is constructed; mocha registers suites the same way.
    files: ["index.ts", "components/**/*.ts"],
    rules: { "no-new": "off" },
  },
  {
    // The Grafana provider takes the classic dashboard model, whose builder the SDK deprecates in favour of the next.
    files: ["dashboards/**/*.ts"],
    rules: { "@typescript-eslint/no-deprecated": "off" },
  },
  {
    // The lab is reached by its one interface. Tests of a stand-in reach the stand-in itself.
    files: ["**/*.ts"],
    ignores: ["lab/**"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/lab/node/*", "**/lab/toolchain/*"] }] },
  },
  {
    // It knows nothing of those who use it.
    files: ["lab/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: ["**/cli/*", "**/components/*", "**/tests/*"] }] },
  },
  {
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
);
