import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFolder } from '../kit/program.js';
import { buildImages } from './images.js';
import { checkNeeds } from './needs.js';
import { buildKubernetes } from './programs.js';

/** Builds what is missing: Kubernetes, the images, and the product, whose code reads what Temporal keeps. */
export default async function setup() {
  checkNeeds();
  await buildKubernetes();
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: projectFolder });
  return buildImages();
}
