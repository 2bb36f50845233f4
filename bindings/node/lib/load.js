'use strict'

const path = require('node:path')
const { version } = require('../package.json')

const folder = path.join(__dirname, '..', 'native')

/** The binaries that may fit this machine: where libc has several kinds, each is tried. */
function candidates() {
  const platform = `${process.platform}-${process.arch}`
  const names = process.platform === 'linux' ? [`${platform}-gnu`, `${platform}-musl`] : [platform]
  return names.map((name) => path.join(folder, `dingstream.${name}.node`))
}

function libc() {
  if (process.platform !== 'linux') return 'the system'
  process.report.excludeNetwork = true
  const { glibcVersionRuntime } = process.report.getReport().header
  return glibcVersionRuntime ? `glibc ${glibcVersionRuntime}` : 'musl or another libc'
}

function load() {
  const failures = []
  for (const file of candidates()) {
    try {
      const native = require(file)
      if (native.VERSION === version) return native
      failures.push(`${file}: it is version ${native.VERSION}, and the package is ${version}`)
    } catch (error) {
      failures.push(`${file}: ${error.message.split('\n')[0]}`)
    }
  }
  const error = new Error(
    `dingstream found no native library for ${process.platform} ${process.arch} with ${libc()}. Tried:\n` +
      failures.map((failure) => `  ${failure}\n`).join('') +
      'The package brings one for linux x64 with glibc 2.17 or newer. There, install dingstream anew; elsewhere, ' +
      'build it from source with bindings/node/package and install that tarball.'
  )
  error.code = 'DINGSTREAM_NO_NATIVE_LIBRARY'
  throw error
}

module.exports = load()
