import { stringify } from 'yaml';

export interface ServerConfig {
  postgres: { port: number; user: string; password: string };
  /** Three for each of the four services; the first is where the product connects. */
  ports: readonly number[];
  dynamicConfigFile: string;
}

/** Of docker-compose.yml. */
const historyShards = 128;

/** The four services of a Temporal server in one process, on Postgres. */
export function serverConfig({ postgres, ports, dynamicConfigFile }: ServerConfig): string {
  const left = [...ports];
  const nextPort = () => left.shift() as number;
  const database = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${postgres.port}`,
      connectProtocol: 'tcp',
      user: postgres.user,
      password: postgres.password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = () => ({
    rpc: { grpcPort: nextPort(), membershipPort: nextPort(), httpPort: nextPort(), bindOnLocalHost: true },
  });
  return stringify({
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { default: database('temporal', 20), visibility: database('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: service(), matching: service(), history: service(), worker: service() },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${ports[0]}` },
      },
    },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '60s' },
  });
}
