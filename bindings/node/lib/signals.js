'use strict'

// One listener for all clients under `run()`: Node warns of a leak where there are more than ten.

const SIGNALS = ['SIGINT', 'SIGTERM']
const stops = new Set()

function stopAll() {
  for (const stop of stops) stop()
}

exports.add = (stop) => {
  if (stops.size === 0) for (const signal of SIGNALS) process.on(signal, stopAll)
  stops.add(stop)
}

exports.remove = (stop) => {
  stops.delete(stop)
  if (stops.size === 0) for (const signal of SIGNALS) process.off(signal, stopAll)
}
