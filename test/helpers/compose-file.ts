import { parse } from 'yaml';
import { read } from './project-files.js';

export interface ComposeService {
  image: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  restart?: string;
  stop_grace_period?: string;
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
}

export const composeText = read('docker-compose.yml');

/** What docker-compose.yml says. */
export const { services, volumes } = parse(composeText, { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};

/** The version of the Temporal server in docker-compose.yml. */
export const temporalVersion = (): string => services['temporal']?.image.split(':')[1] ?? '';
