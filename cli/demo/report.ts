import { Member, Peculiarity } from "../../synthetic/company";
import { Demo } from "../../synthetic/demo";
import { total } from "../../synthetic/ledger";
import { Removal } from "./remove";

const peculiar: Readonly<Partial<Record<Peculiarity, string>>> = {
  "cost-spike": "spends in one hour what others spend in days",
  cumulative: "sends cumulative temporality",
  "clock-ahead": "has a clock that is an hour ahead",
  "parallel-processes": "runs two processes in one session",
  "one-shots-only": "starts nothing but one-shot sessions",
};

/** Renders the sums of the demo, and the address to look at. */
export function closing(
  demo: Demo,
  days: number,
  destination: { readonly url: string; readonly dashboardUrl?: string },
): string {
  const sum = total(demo.ledger);
  const tokens = Object.entries(sum).filter(([name]) => name.startsWith("tokens|"));
  const look =
    destination.dashboardUrl === undefined
      ? `its stack's Grafana, over the last ${days * 24} hours; npm run status shows the last day's sums`
      : `${destination.dashboardUrl}?from=now-${days * 24}h&to=now`;
  return [
    "",
    `Sent to ${destination.url}:`,
    `  cost      ${usd(sum["cost"])}`,
    `  tokens    ${count(tokens.reduce((all, [, units]) => all + units, 0))}`,
    `  sessions  ${count(sum["sessions"])}`,
    `  users     ${demo.ledger.size}`,
    `  days      ${days}`,
    "",
    "Look for:",
    ...demo.members.flatMap(describe).map((line) => `  ${line}`),
    `Look at:   ${look}`,
    "Remove it: npm run demo -- --remove",
  ].join("\n");
}

/** Renders the result of a removal, and the time from which the rest can be removed. */
export function removalClosing({ before, after, restFrom }: Removal): string {
  const done = `${count(before)} series were marked as the demo's before, ${count(after)} are now.`;
  if (after === 0) {
    return done;
  }
  const when = restFrom === undefined ? "within three hours" : `from ${clockTime(restFrom)}`;
  return [
    done,
    "Prometheus holds late data in memory and cannot delete it there. It writes it to disk",
    `${when}, and npm run demo -- --remove deletes the rest then.`,
  ].join("\n");
}

function describe(member: Member): string[] {
  const reasons = [
    peculiar[member.peculiarity],
    member.account === undefined ? "has no e-mail address, only an API key" : undefined,
    member.namesRepository ? undefined : `has an outdated client, ${member.version}`,
  ].filter((reason) => reason !== undefined);
  return reasons.map((reason) => `${member.user} ${reason}`);
}

/** Two minutes later than the moment itself: Prometheus looks once a minute, and then has to write. */
function clockTime(seconds: number): string {
  return new Date((seconds + 120) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function usd(nanoUsd = 0): string {
  return `$${(nanoUsd / 1e9).toFixed(2)}`;
}

function count(number = 0): string {
  return number.toLocaleString("en-US");
}
