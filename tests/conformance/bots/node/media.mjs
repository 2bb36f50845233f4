// Files on their way.

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export async function media({ connect, counted, print, printError }) {
  const client = connect()
  const uploaded = ({ type }) => print({ uploaded: type })
  const moves = {
    upload: async () => uploaded(await client.upload('file', Buffer.alloc(200_000), { name: 'report.pdf' })),
    'upload file': (_, folder) => {
      const photo = join(folder, 'photo.png')
      return writeFile(photo, Buffer.alloc(1000))
        .then(() => client.upload('image', photo))
        .then(uploaded)
    },
    'upload text': async () => uploaded(await client.upload('file', Buffer.alloc(10), { name: 'notes.txt' })),
    download: async ([code]) => print({ downloaded: (await client.download(code)).data.length }),
    'download file': async ([code], folder) => {
      const { path } = await client.download(code, { to: folder })
      print({ downloaded: (await stat(path)).size })
    }
  }
  client.onMessage(
    counted(async (message) => {
      const folder = await mkdtemp(join(tmpdir(), 'dingstream-bot-'))
      try {
        await moves[message.text](message.downloadCodes ?? [], folder)
      } catch (error) {
        printError(error)
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  )
  await client.run()
}
