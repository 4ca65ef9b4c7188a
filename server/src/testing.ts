export { runLogBackendTests } from './log/contract.ts'
export {
  CONTRACT_REVOCATIONS,
  runRevocationLogTests,
  type RevocationFixture,
} from './log/contract-revocations.ts'
export { LogProbe, type LogFixture, type TestRunner } from './log/contract-probe.ts'
