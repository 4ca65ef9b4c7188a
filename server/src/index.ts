export type { Rechecked, Revoked } from './auth/doorkeeper.ts'
export { createJwtAuthorizer, type JwtOptions } from './auth/jwt.ts'
export type { JwtKeySource } from './auth/jwt-keys.ts'
export type { AccessFilter } from './auth/revocations.ts'
export {
  openAccess,
  type Access,
  type Authorize,
  type AuthorizeAnswer,
  type AuthorizeRequest,
  type VerifiedUser,
} from './authorize.ts'
export { bindRoom, type BindRoomOptions, type RoomBinding } from './bind-room.ts'
export { systemClock, type Clock } from './clock.ts'
export { createCollabServer, type CollabServer, type CollabServerOptions } from './collab-server.ts'
export type { AllowedOrigins } from './config.ts'
export type { Readiness } from './http/health.ts'
export type { RoomView } from './http/rooms-api.ts'
export { createEmbeddedLog, type EmbeddedLogOptions } from './log/embedded-log.ts'
export { LogError, type LogErrorCode } from './log/log-error.ts'
export { createMemoryLog, type MemoryLogOptions } from './log/memory-log.ts'
export type { RedisConnectionName, RedisCounts, RedisStats } from './log/redis-stats.ts'
export { createRedisLog } from './log/redis-log.ts'
export type { RedisLog, RedisLogOptions } from './log/redis-log-options.ts'
export type { PromiseListener } from './log/redis-promise.ts'
export type {
  EntryMeta,
  Fence,
  ForeignDesk,
  ForeignVerdict,
  LogBackend,
  LogEntry,
  LogHead,
  LogSink,
  Position,
  RoomLog,
  RoomSummary,
  Snapshot,
  Tombstone,
} from './log/room-log.ts'
export type { RevocationLog, RevocationSink } from './log/revocation-log.ts'
export { MAX_REVOCATIONS, type Revocation } from './log/revocation-set.ts'
export type { YRedisMode } from './log/yredis-mode.ts'
export { createLogger, type Logger, type LoggerOptions } from './logger.ts'
export { MessageBatch, type Member } from './member.ts'
export type { Metrics } from './metrics.ts'
export type { CompactionResult, Compactor } from './room-compactor.ts'
export { SILENT_EVENTS, type RoomEvents } from './room-events.ts'
export { RoomRegistry, RoomUnavailable, type RoomRegistryOptions } from './room-registry.ts'
export { Room, type RoomOptions } from './room.ts'
