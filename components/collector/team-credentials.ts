import { createHash } from "node:crypto";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { basicAuthorization } from "../../client/authorization";
import { credentialUser } from "./access";
import { type ComponentArgs, componentIdentity } from "../kubernetes/labels";
import { serviceNames } from "../kubernetes/names";

/** Inputs of {@link TeamCredentials}. The image is the collector's. */
export interface TeamCredentialsArgs extends ComponentArgs {
  /**
   * The credentials of each team that are valid, by number: the last is handed out, the others still let in. Another
   * number is another credential; one that is left out is revoked.
   */
  readonly teams: ReadonlyMap<string, readonly number[]>;
}

/** File in the Secret: what the collector checks credentials with. */
export const htpasswdKey = "htpasswd";

/** A credential of its own for each team that may send. */
export class TeamCredentials extends pulumi.ComponentResource {
  /** Holds {@link htpasswdKey}. Its name changes with its content, so that collectors roll. */
  readonly secret: kubernetes.core.v1.Secret;
  /** `Authorization` header of each team's clients. Secret. */
  readonly authorizations: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: TeamCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("claude-monitoring:access:TeamCredentials", name, {}, opts);
    const { labels } = componentIdentity(args, "otel-collector", serviceNames(args.namePrefix).collector);
    const credentials = [...args.teams].flatMap(([team, generations]) =>
      generations.map((generation) => this.credential(name, team, generation)),
    );
    const lines = pulumi.all(
      credentials.map(({ user, password }) => password.apply((text) => htpasswdLine(user, text))),
    );
    this.secret = new kubernetes.core.v1.Secret(
      `${name}-htpasswd`,
      {
        metadata: { namespace: args.namespace, labels },
        stringData: { [htpasswdKey]: pulumi.secret(lines.apply((all) => `${all.join("\n")}\n`)) },
        immutable: true,
      },
      { parent: this, additionalSecretOutputs: ["data", "stringData"] },
    );
    // Later generations take the place of earlier ones.
    this.authorizations = Object.fromEntries(
      credentials.map(({ team, user, password }) => [team, password.apply((text) => basicAuthorization(user, text))]),
    );
    this.registerOutputs({ secretName: this.secret.metadata.name });
  }

  private credential(name: string, team: string, generation: number) {
    const user = credentialUser(team, generation);
    const { result } = new random.RandomPassword(`${name}-${user}`, { length: 40, special: false }, { parent: this });
    return { team, user, password: pulumi.secret(result) };
  }
}

/**
 * One line of an htpasswd file. SHA-1 without salt does not protect words that people choose, but suffices for 40
 * random letters and digits. Bcrypt at its lowest cost takes eight times as long, for every export.
 */
function htpasswdLine(user: string, password: string): string {
  return `${user}:{SHA}${createHash("sha1").update(password).digest("base64")}`;
}
