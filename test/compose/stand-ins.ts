import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildGoProgram } from '../kit/go-program.js';
import { projectFolder } from '../kit/program.js';
import { docker, imageExists, pullImage } from './docker.js';
import { namedImages } from './named-images.js';
import { standInOf } from './recipes.js';

const run = promisify(execFile);
const recipes = path.join(projectFolder, 'test/compose/stand-ins');
const base = 'answerback-stand-in/debian';
const standInLabel = 'answerback.stand-in=true';

/** Builds what Go builds for the stand-ins. It takes the most time, and needs no Docker engine. */
export async function buildPrograms(): Promise<void> {
  for (const image of namedImages()) {
    const { program, version } = standInOf(image);
    if (program !== undefined) await buildGoProgram(program(version));
  }
}

/**
 * Gets the images of others. One that is here is used as it is. One that can't be downloaded is replaced by a stand-in
 * under its name.
 */
export async function getImages(images = namedImages()): Promise<void> {
  for (const image of images) {
    if ((await imageExists(image)) || (await pullImage(image))) continue;
    if (!(await imageExists(base))) await buildBase();
    console.log(`Building a stand-in for ${image} …`);
    await buildStandIn(image);
  }
  const label = `label=${standInLabel}`;
  const here = await docker('image', 'ls', '--filter', label, '--format', '{{.Repository}}:{{.Tag}}');
  const standIns = namedImages().filter((image) => here.split('\n').includes(image));
  console.log(`Stand-ins, not the images of their vendors: ${standIns.join(', ') || 'none'}`);
}

async function buildStandIn(image: string): Promise<void> {
  const { recipe, program, prepare, version } = standInOf(image);
  await inFolder(async (folder) => {
    await cp(path.join(recipes, recipe), folder, { recursive: true });
    if (program !== undefined) {
      const built = program(version);
      await copyFile(await buildGoProgram(built), path.join(folder, built.name));
    }
    const settings = Object.entries((await prepare?.(folder, version)) ?? {});
    const args = settings.flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    await docker('build', '--quiet', '--label', standInLabel, ...args, '--tag', image, folder);
  });
}

/** Debian from its packages. */
async function buildBase(): Promise<void> {
  console.log('Building a Debian for the stand-ins, once …');
  await inFolder(async (folder) => {
    const [root, archive] = [path.join(folder, 'root'), path.join(folder, 'root.tar')];
    await run('debootstrap', ['--variant=minbase', 'bookworm', root], { maxBuffer: 64 * 1024 * 1024 });
    // What the vendor's slim image leaves out too.
    for (const left of ['doc', 'info', 'locale', 'man'])
      await rm(path.join(root, 'usr/share', left), { recursive: true, force: true });
    await rm(path.join(root, 'var/cache/apt'), { recursive: true });
    await rm(path.join(root, 'var/lib/apt/lists'), { recursive: true });
    await mkdir(path.join(root, 'var/cache/apt/archives/partial'), { recursive: true });
    await mkdir(path.join(root, 'var/lib/apt/lists/partial'), { recursive: true });
    await copyFile(path.join(recipes, 'debian/docker-clean'), path.join(root, 'etc/apt/apt.conf.d/docker-clean'));
    await run('tar', ['--directory', root, '--create', '--file', archive, '.']);
    await docker('import', '--change', 'CMD ["bash"]', archive, base);
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'answerback-stand-in-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
