import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** One picture that was taken. */
export interface Shot {
  readonly view: string
  /** What sets it apart: "wide · dark · people · busy · online". */
  readonly caption: string
  readonly file: string
  readonly isWide: boolean
}

/** Writes `index.html` into the pictures' folder: all of them, view by view, each a link to its full size. */
export async function writeContactSheet(folder: string, shots: readonly Shot[]): Promise<string> {
  const views = [...new Set(shots.map(({ view }) => view))]
  const sections = views.map((view) => {
    const figures = shots
      .filter((shot) => shot.view === view)
      .map(
        ({ caption, file, isWide }) =>
          `<figure class="${isWide ? 'wide' : 'phone'}"><a href="${file}"><img src="${file}" loading="lazy" alt=""></a><figcaption>${caption}</figcaption></figure>`,
      )
    return `<h2 id="${view}">${view}</h2><div>${figures.join('')}</div>`
  })
  const links = views.map((view) => `<a href="#${view}">${view}</a>`).join(' ')
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Roomful, ${shots.length} pictures</title>
<style>
body { margin: 24px; font: 14px system-ui; background: #888; color: #fff }
nav { position: sticky; top: 0; padding: 8px 0; background: #888 } a { color: #fff }
div { display: flex; flex-wrap: wrap; gap: 16px; align-items: start } figure { margin: 0 }
img { display: block; width: 100%; border-radius: 6px } .wide { width: 480px } .phone { width: 180px }
</style><nav>${links}</nav>${sections.join('')}</html>`
  const path = join(folder, 'index.html')
  await writeFile(path, html)
  return path
}
