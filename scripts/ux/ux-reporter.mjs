import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { ROOT } from '../run.mjs'
import { rowsIn } from './coverage.mjs'

/** A vitest reporter that writes which tests showed which row of the behaviours, to the file named by `ROOMFUL_UX`. */
export default class UxReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const file = process.env.ROOMFUL_UX
    if (file === undefined) return
    /** @type {import('./coverage.mjs').Evidence[]} */
    const shown = []
    for (const module of modules)
      for (const test of module.children.allTests()) {
        if (test.result().state !== 'passed') continue
        const path = relative(ROOT, module.moduleId).replaceAll('\\', '/')
        for (const row of rowsIn(test.fullName)) shown.push({ row, file: path, test: test.fullName })
      }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(shown))
  }
}
