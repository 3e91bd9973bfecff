import { execFileSync } from 'node:child_process';
import { realpathSync, statfsSync } from 'node:fs';

/** `statfs` types on Linux on which SQLite's shared memory and locks are known to work. */
const localTypes = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0x01021994, // tmpfs
  0x794c7630, // overlay
  0x7366746e, // ntfs3
  0x5346544e, // ntfs
]);

/**
 * Whether the folder lies on a file system known to be local, so that a write-ahead log is safe.
 * FUSE, virtiofs, NFS, CIFS and whatever is unknown answer false.
 */
export function isLocalFolder(folder: string): boolean {
  try {
    if (process.platform === 'win32') return !realpathSync.native(folder).startsWith('\\\\');
    if (process.platform === 'darwin') return isLocalMount(readMounts(), realpathSync(folder));
    return localTypes.has(statfsSync(folder).type);
  } catch {
    return false;
  }
}

/** The numbers of macOS vary from release to release; its words do not. */
function readMounts(): string {
  return execFileSync('/sbin/mount', { encoding: 'utf8', timeout: 5000 });
}

/** Reads lines as `/dev/disk3s1 on /System/Volumes/Data (apfs, local, journaled)`. */
export function isLocalMount(mounts: string, folder: string): boolean {
  let best = { point: '', isLocal: false };
  for (const line of mounts.split('\n')) {
    const [, point, options] = /^.* on (\/.*) \(([^()]*)\)$/.exec(line) ?? [];
    if (point === undefined || options === undefined || point.length < best.point.length) continue;
    const below = point === '/' ? '/' : `${point}/`;
    if (folder !== point && !folder.startsWith(below)) continue;
    best = { point, isLocal: /^(apfs|hfs),/.test(options) && options.includes('local') };
  }
  return best.isLocal;
}
