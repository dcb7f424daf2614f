import { expect } from 'vitest';
import type { Installation } from './installation.js';

/** Looks from inside a pod at what its security context allows. */
export async function expectRestricted(installation: Pick<Installation, 'inside'>, pod: string): Promise<void> {
  const inside = (command: string) => installation.inside(pod, 'sh', '-c', command);
  const status = await inside('cat /proc/1/status');
  for (const line of [/^Uid:\t1000\t1000\t/m, /^Gid:\t1000\t1000\t/m, /^CapEff:\t0+$/m, /^CapBnd:\t0+$/m])
    expect(status, pod).toMatch(line);
  // A filter of system calls, and no program that gives its caller more rights.
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).toMatch(/^Seccomp:\t2$/m);
  await inside('touch /tmp/here && rm /tmp/here');
  await expect(inside('touch /app/here')).rejects.toThrow('Read-only file system');
  await expect(inside('ls /var/run/secrets/kubernetes.io')).rejects.toThrow('No such file');
  expect(await inside('env')).not.toMatch(/ANSWERBACK_API_SERVICE_HOST=/);
  if (pod.includes('-api-')) await inside('touch /data/here && rm /data/here');
}
