let made = 0

/** A room nobody was in before: jobs on one server must not meet. */
export function freshRoom(kind: string): string {
  made += 1
  return `${kind}-${process.pid}-${made}`
}
