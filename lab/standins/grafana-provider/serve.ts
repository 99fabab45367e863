import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { packageVersion } from "./package-schema";
import { GrafanaProvider } from "./provider";
import { record } from "./record";
import { service } from "./service";

const largestMessage = 400 * 1024 * 1024;

/**
 * Serves the plugin protocol on a free loopback port, and prints that port, until the process that started this one is
 * gone. Says first, as a warning of the engine and on standard error, that this is a stand-in.
 *
 * @param engineAddress where the engine listens, `host:port`: the plugin's last argument
 */
export async function serve(engineAddress: string | undefined): Promise<void> {
  const provider = new GrafanaProvider((method, path, status) => {
    record({ http: `${method} ${path}`, status });
  });
  const server = new grpc.Server({ "grpc.max_receive_message_length": largestMessage });
  server.addService(ResourceProviderService, { ...service(provider) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
  await announce(
    `STAND-IN for pulumi-resource-grafana ${packageVersion()}: knows folders, their permissions, teams, data sources, dashboards and alerting only`,
    engineAddress,
  );
  process.stdout.write(`${port}\n`);
  endWithParent();
}

/** The engine keeps a plugin's standard error to itself, so the warning goes through its log. */
async function announce(message: string, engineAddress: string | undefined): Promise<void> {
  process.stderr.write(`${message}\n`);
  if (engineAddress === undefined) {
    return;
  }
  const engine = new EngineClient(engineAddress, grpc.credentials.createInsecure());
  const request = new LogRequest().setSeverity(LogSeverity.WARNING).setMessage(message);
  await new Promise<void>((resolve) => {
    engine.log(request, new grpc.Metadata(), { deadline: Date.now() + 2000 }, (error) => {
      if (error !== null) {
        process.stderr.write(`the engine at ${engineAddress} did not take the message: ${error.message}\n`);
      }
      resolve();
    });
  });
  engine.close();
}

/** The engine kills its plugins, unless it is killed itself. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      process.exit(0);
    }
  }, 1000).unref();
}
