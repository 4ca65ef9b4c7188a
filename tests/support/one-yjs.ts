/* oxlint-disable no-console -- it listens to the console and never speaks through it */
/**
 * Set up before every test file: a second copy of Yjs in one process breaks `instanceof` and says so on the console
 * only. Here it fails the import that brought it, so that the stack names the culprit.
 */
const original = console.error.bind(console)

console.error = (...args: readonly unknown[]): void => {
  if (typeof args[0] === 'string' && args[0].startsWith('Yjs was already imported'))
    throw new Error('a second copy of yjs was loaded: see the stack for the import that did it')
  original(...args)
}
