import { toFillIn } from "../../client/settings";
import { Check, failed, ok, warning } from "./check";
import { EffectiveSettings, isYes, valueOf } from "./effective";
import { decoded } from "./keys";

const key = "OTEL_RESOURCE_ATTRIBUTES";
const includeKey = "OTEL_METRICS_INCLUDE_RESOURCE_ATTRIBUTES";
const hostKey = "OTEL_RESOURCE_INCLUDE_HOST";
/** The client takes no more characters than this, for a key and for a value. */
const longest = 255;
/** Placeholders in handed-out settings and in the output of `npm run up` that somebody should have replaced. */
const placeholder = /^(FILL_IN|YOUR_\w+|\$.*|<.*>)$/;

/** Mistakes in the attributes that data is grouped by. */
export function attributeChecks(effective: EffectiveSettings): Check[] {
  const text = valueOf(effective, key);
  if (text === undefined || text.trim() === "") {
    const cure = `Set ${key}, for example to "user=ada,team=core,location=berlin,device=laptop".`;
    return [warning(key, "is not set, so this client's usage belongs to no team", cure)];
  }
  // Collectors take the machine's name for a device that nobody filled in.
  const named = isYes(valueOf(effective, hostKey) ?? "") ? `device=${toFillIn}` : "";
  const entries = text.split(",").map((entry) => entry.trim());
  const checks = entries.filter((entry) => entry !== "" && entry !== named).flatMap(entryChecks);
  const include = valueOf(effective, includeKey);
  if (include !== undefined && !isYes(include)) {
    checks.push(failed(includeKey, `is "${include}", so metrics carry no team`, `Set it to "true", or remove it.`));
  }
  return checks.length === 0 ? [ok(key, text)] : checks;
}

/** By the client's own rules (2.1.330); what breaks them is left off without a word to the user. */
function entryChecks(entry: string): Check[] {
  const [name = "", value, ...more] = entry.split("=").map((part) => part.trim());
  if (value === undefined) {
    return [leftOff(entry, "has no =", "Write it as key=value; a comma inside a value is %2C.")];
  }
  if (more.length > 0) {
    return [leftOff(entry, "has more than one =", "Write an = inside a value as %3D.")];
  }
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    const why = "has a key with other characters than letters, digits, dots, dashes and underscores";
    return [leftOff(entry, why, "Rename the key.")];
  }
  if (name.length > longest || value.length > longest) {
    return [leftOff(entry.slice(0, 40), `has more than ${longest} characters`, "Shorten it.")];
  }
  const plain = decoded(value);
  if (plain === undefined) {
    return [leftOff(entry, "has a % that begins no code", 'Write a % itself as "%25".')];
  }
  if (!/^[\x21-\x7e]*$/.test(value) || /[;\\]/.test(value)) {
    const cure = `Write it as ${name}=${encodeURIComponent(plain)}.`;
    return [leftOff(entry, "has a space, a semicolon, a backslash or a letter outside ASCII", cure)];
  }
  if (value === "" || placeholder.test(plain)) {
    const cure = `Write the real value of "${name}", or remove the entry.`;
    return [warning(key, `${entry}: nobody has filled it in`, cure)];
  }
  return [];
}

function leftOff(entry: string, why: string, cure: string): Check {
  return failed(key, `"${entry}" ${why}, so the client leaves it off`, cure);
}
