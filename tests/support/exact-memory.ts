/**
 * Settings of glibc's allocator for a process whose memory is judged from outside: whatever is freed goes back to the system,
 * so that RSS is what the program holds. By default glibc keeps what it likes, 15 to 30 MiB of this server under a mixed load
 * and above 100 under 10 MB of updates a second, in steps of up to 14 MiB that have nothing to do with what is held
 * (docs/decisions/0090). Too slow to serve with: each allocation from 4 KiB on is a mapping of its own.
 *
 * Where the allocator is another one they mean nothing.
 */
export const EXACT_MEMORY: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '4096',
  MALLOC_TRIM_THRESHOLD_: '4096',
  MALLOC_TOP_PAD_: '0',
}
