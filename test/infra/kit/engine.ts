import * as grpc from '@grpc/grpc-js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engineMessages from '@pulumi/pulumi/proto/engine_pb.js';
import monitorServices from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import monitorMessages from '@pulumi/pulumi/proto/resource_pb.js';
import emptyMessages from 'google-protobuf/google/protobuf/empty_pb.js';
import structMessages from 'google-protobuf/google/protobuf/struct_pb.js';
import { created } from './created.ts';

export interface Engine {
  address: string;
  /** Types and names of what a program registered. */
  registered: string[];
  /** What the program had to say, at warning level and above. */
  complaints: string[];
  close(): void;
}

type Call<T> = { request: T };
type Answer<T> = (error: null, answer: T) => void;

/** The least of an engine that a program runs against: it takes every resource as it comes, and knows no look-ups. */
export async function startEngine(): Promise<Engine> {
  const registered: string[] = [];
  const complaints: string[] = [];
  const server = new grpc.Server();
  const empty = (_: unknown, answer: Answer<unknown>) => answer(null, new emptyMessages.Empty());

  server.addService(monitorServices.ResourceMonitorService, {
    supportsFeature(_: unknown, answer: Answer<unknown>) {
      const response = new monitorMessages.SupportsFeatureResponse();
      // Of the newer ways to talk to an engine the program needs none.
      response.setHassupport(false);
      answer(null, response);
    },
    registerResource(
      { request }: Call<InstanceType<typeof monitorMessages.RegisterResourceRequest>>,
      answer: Answer<unknown>,
    ) {
      const [type, name] = [request.getType(), request.getName()];
      registered.push(`${type} ${name}`);
      const { id, state } = created(type, name, request.getObject()?.toJavaScript() ?? {});
      const response = new monitorMessages.RegisterResourceResponse();
      response.setUrn(`urn:pulumi:dev::claqueta::${type}::${name}`);
      if (request.getCustom()) response.setId(id);
      response.setObject(structMessages.Struct.fromJavaScript(state as never));
      answer(null, response);
    },
    registerResourceOutputs: empty,
    signalAndWaitForShutdown: empty,
  });
  server.addService(engineServices.EngineService, {
    log({ request }: Call<InstanceType<typeof engineMessages.LogRequest>>, answer: Answer<unknown>) {
      if (request.getSeverity() >= engineMessages.LogSeverity.WARNING) complaints.push(request.getMessage());
      empty(undefined, answer);
    },
  });

  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, registered, complaints, close: () => server.forceShutdown() };
}
