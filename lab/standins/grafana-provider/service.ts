import { isDeepStrictEqual } from "node:util";

import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

import { packageVersion } from "./package-schema";
import { type Difference, type GrafanaProvider, type Problem } from "./provider";
import { record } from "./record";
import { type Properties } from "./values";
import { revealedProperties } from "./wire-values";

/** The plugin protocol in front of a provider. Every call is recorded; the engine takes others for not implemented. */
export function service(provider: GrafanaProvider) {
  return {
    getPluginInfo: unary("GetPluginInfo", () => new PluginInfo().setVersion(packageVersion())),
    getSchema: unary("GetSchema", () => {
      return new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name: "grafana", version: packageVersion() }));
    }),
    checkConfig: unary("CheckConfig", (request: rpc.CheckRequest) => {
      return checked(request, provider.checkConfig(properties(request.getNews())));
    }),
    diffConfig: unary("DiffConfig", (request: rpc.DiffRequest) => {
      const [before, after] = [properties(request.getOlds()), properties(request.getNews())];
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
      const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
      return differing({ changed, replaced: [], deleteFirst: false });
    }),
    configure: unary("Configure", (request: rpc.ConfigureRequest) => {
      provider.configure(properties(request.getArgs()));
      return new rpc.ConfigureResponse().setSupportspreview(true);
    }),
    check: unary("Check", (request: rpc.CheckRequest) => {
      return checked(request, provider.check(typeOf(request), properties(request.getNews())));
    }),
    diff: unary("Diff", (request: rpc.DiffRequest) => {
      return differing(provider.diff(typeOf(request), properties(request.getOlds()), properties(request.getNews())));
    }),
    create: unary("Create", async (request: rpc.CreateRequest) => {
      const inputs = properties(request.getProperties());
      const { id, outputs } = await provider.create(typeOf(request), inputs, request.getPreview());
      return new rpc.CreateResponse().setId(id).setProperties(struct(outputs));
    }),
    read: unary("Read", async (request: rpc.ReadRequest) => {
      const type = typeOf(request);
      const found = await provider.read(type, request.getId(), properties(request.getProperties()));
      if (found === undefined) {
        return new rpc.ReadResponse();
      }
      const inputs = provider.inputsFor(type, found.outputs, properties(request.getInputs()));
      return new rpc.ReadResponse().setId(found.id).setProperties(struct(found.outputs)).setInputs(struct(inputs));
    }),
    update: unary("Update", async (request: rpc.UpdateRequest) => {
      const [state, inputs] = [properties(request.getOlds()), properties(request.getNews())];
      const outputs = await provider.update(typeOf(request), request.getId(), state, inputs, request.getPreview());
      return new rpc.UpdateResponse().setProperties(struct(outputs));
    }),
    delete: unary("Delete", async (request: rpc.DeleteRequest) => {
      await provider.delete(typeOf(request), request.getId());
      return new Empty();
    }),
    invoke: unary("Invoke", (request: rpc.InvokeRequest) => {
      throw new Error(`the stand-in for pulumi-resource-grafana does not support the function "${request.getTok()}"`);
    }),
    cancel: unary("Cancel", () => {
      provider.cancel();
      return new Empty();
    }),
  };
}

interface Message {
  toObject(): object;
}

function unary<Request extends Message, Response>(
  call: string,
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  const recorded = async (request: Request): Promise<Response> => {
    try {
      const response = await answer(request);
      record({ call, ...described(request) });
      return response;
    } catch (error) {
      record({ call, ...described(request), error: (error as Error).message });
      throw error;
    }
  };
  return ({ request }, callback) => {
    recorded(request).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback({ code: grpc.status.UNKNOWN, details: (error as Error).message });
      },
    );
  };
}

/** Content of a request, for the record. */
function described(request: Message): Properties {
  const has = request as Partial<rpc.CreateRequest & rpc.DiffRequest & rpc.ConfigureRequest>;
  return {
    urn: has.getUrn?.(),
    id: has.getId?.(),
    preview: has.getPreview?.(),
    state: has.getOlds && properties(has.getOlds()),
    inputs: properties(has.getNews?.() ?? has.getProperties?.() ?? has.getArgs?.()),
  };
}

/** The resource type is part of the URN: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */
function typeOf(request: { getUrn(): string }): string {
  const types = request.getUrn().split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

function properties(value: Struct | undefined): Properties {
  return revealedProperties(value?.toJavaScript() ?? {});
}

function struct(values: Properties): Struct {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(present) as Record<string, JavaScriptValue>);
}

function checked(request: rpc.CheckRequest, problems: readonly Problem[]): rpc.CheckResponse {
  const failures = problems.map(({ property, reason }) => {
    return new rpc.CheckFailure().setProperty(property).setReason(reason);
  });
  return new rpc.CheckResponse().setInputs(request.getNews()).setFailuresList(failures);
}

function differing({ changed, replaced, deleteFirst }: Difference): rpc.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = rpc.DiffResponse.DiffChanges;
  const response = new rpc.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...changed])
    .setReplacesList([...replaced])
    .setDeletebeforereplace(deleteFirst)
    .setHasdetaileddiff(true);
  const { UPDATE, UPDATE_REPLACE } = rpc.PropertyDiff.Kind;
  for (const property of changed) {
    const kind = replaced.includes(property) ? UPDATE_REPLACE : UPDATE;
    response.getDetaileddiffMap().set(property, new rpc.PropertyDiff().setKind(kind));
  }
  return response;
}
