/** Most bytes of the rules' file: a fifth of what a ConfigMap holds, so that a person still reads it. A metric adds some 6 kB. */
export const mostRuleBytes = 200_000;
