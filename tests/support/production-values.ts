/** Values that every stack in production has to be given, for tests that are about something else. */
export const productionValues = {
  grafanaDatabaseKey: "generated",
} as const;
