export { runLogBackendTests } from './log/contract.ts'
export { LogProbe, type LogFixture, type TestRunner } from './log/contract-probe.ts'
