import type { Build } from '../build.ts'
import { OfflineStore } from './offline-store.ts'
import { routeOf } from '../route.ts'

/** Replaced by `offline-plugin.ts`. */
declare const ROOMFUL_BUILD: Build
declare const self: ServiceWorkerGlobalScope

const store = new OfflineStore({
  build: ROOMFUL_BUILD,
  caches: self.caches,
  fetch: (input, init) => self.fetch(input, init),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
})

self.addEventListener('install', (event) => {
  // no waiting for old tabs to close: they find their files in the cache before
  event.waitUntil(store.keep().then(() => self.skipWaiting()))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    Promise.all([
      store.dropOld(),
      // the page is asked for while the worker still starts
      self.registration.navigationPreload?.enable(),
      self.clients.claim(),
    ]),
  )
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  switch (routeOf(request, self.location.origin)) {
    case 'leave':
      return
    case 'page': {
      const preloaded = Promise.resolve<unknown>(event.preloadResponse)
      // the browser warns of a preload that nobody waited for
      event.waitUntil(preloaded.catch(() => undefined))
      event.respondWith(
        store.page(async () => {
          const response = await preloaded
          return response instanceof Response ? response : fetch(request)
        }),
      )
      return
    }
    case 'file':
      event.respondWith(store.file(request))
      return
  }
})
