// The entry of the service `sync` in vercel.json, which has to exist before anything is built. Not `src/main.ts`: Vercel
// would compile and bundle that by itself, and the worker threads would not find what they import (docs/decisions/0070).
export { default } from './dist/main.js'
