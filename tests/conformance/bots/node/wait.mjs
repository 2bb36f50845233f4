// Handlers that wait until a message releases them.

export async function wait({ connect, counted, print, printError }) {
  const client = connect()
  let waiting = []
  const released = () => new Promise((resolve) => waiting.push(resolve))
  const release = () => {
    for (const resolve of waiting) resolve()
    waiting = []
  }
  client.onMessage(
    counted(async ({ text }) => {
      print({ began: 'message', id: text })
      if (text === 'go') {
        release()
        print({ went: true })
      } else {
        await released()
        if (text === 'fail') throw new Error('planted-secret')
      }
    })
  )
  client.onEvent(
    counted(async ({ eventId }) => {
      print({ began: 'event', id: eventId })
      await released()
    })
  )
  client.onCard(
    counted(async (action) => {
      print({ began: 'card', id: action.outTrackId })
      await released()
      try {
        action.ok({ a: 1 })
      } catch (error) {
        printError(error)
      }
    })
  )
  await client.run()
}
