/** Loop mounts and strace need it. Where there is root, what needs it must run: there a skip would be a failure. */
export const hasRoot = process.getuid?.() === 0;

if (!hasRoot) console.warn('Skipped for want of root: the fault tests on disks of their own and with strace');
