/**
 * Divides a whole number by quotas, each rounded down or up, so that the parts add up to it. The largest remainders are
 * rounded up, earlier ones first.
 *
 * @param quotas add up to the whole number before it was rounded
 */
export function apportion(whole: number, quotas: readonly number[]): number[] {
  const parts = quotas.map(Math.floor);
  const left = whole - parts.reduce((sum, part) => sum + part, 0);
  const byRemainder = quotas
    .map((quota, index) => ({ index, remainder: quota - Math.floor(quota) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder.slice(0, Math.max(0, left))) {
    parts[index] = (parts[index] ?? 0) + 1;
  }
  return parts;
}

/** Whole numbers of groups and of their members, which add up to them. */
export interface Apportioned {
  readonly whole: number;
  readonly groups: readonly { readonly whole: number; readonly members: readonly number[] }[];
}

/** Rounds the sum of all members, divides it among groups, and each group's part among its members. */
export function apportionGroups(groups: readonly (readonly number[])[], whole = Math.round(sum(groups.flat()))) {
  const wholes = apportion(whole, groups.map(sum));
  return {
    whole,
    groups: groups.map((members, index) => {
      const own = wholes[index] ?? 0;
      return { whole: own, members: apportion(own, members) };
    }),
  } satisfies Apportioned;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
