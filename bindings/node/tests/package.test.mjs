import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, describe, it } from 'node:test'
import * as imported from 'dingstream'

const require = createRequire(import.meta.url)
const required = require('dingstream')
const folder = path.dirname(require.resolve('dingstream/package.json'))
const scratch = mkdtempSync(path.join(tmpdir(), 'dingstream-'))
after(() => rmSync(scratch, { recursive: true }))

/** A copy of the package, to be broken. */
function copy(name) {
  const place = path.join(scratch, name)
  cpSync(folder, place, { recursive: true })
  return place
}

const load = (place) => spawnSync(process.execPath, ['-e', `require(${JSON.stringify(place)})`], { encoding: 'utf8' })

describe('the package', () => {
  it('is the same for import and require', () => {
    const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports')
    assert.deepEqual(names.sort(), Object.keys(required).sort())
    for (const name of names) assert.equal(imported[name], required[name])
  })

  it('runs nothing when it is installed, and needs no other', () => {
    const { scripts, dependencies } = require('dingstream/package.json')
    assert.deepEqual([scripts, dependencies], [undefined, undefined])
  })

  const quick = process.env.PROFILE === 'quick' && 'a quick build is for this machine alone'
  it('needs no glibc above 2.17', { skip: quick }, () => {
    const [library] = readdirSync(path.join(folder, 'native'))
    const needed = readFileSync(path.join(folder, 'native', library), 'latin1').matchAll(/GLIBC_2\.(\d+)/g)
    assert.ok(Math.max(...Array.from(needed, ([, minor]) => Number(minor))) <= 17)
  })

  it('leaves the event loop alone until a client is started', () => {
    const made = `new (require(${JSON.stringify(folder)}).Client)({ clientId: 'id', clientSecret: 'secret' }).metrics()`
    execFileSync(process.execPath, ['-e', made], { timeout: 20_000 })
  })

  it('says what is wrong where it finds no library for the machine', () => {
    const place = copy('without')
    rmSync(path.join(place, 'native'), { recursive: true })
    const { stderr } = load(place)
    assert.match(stderr, /no native library for linux x64 with glibc 2\.\d+\. Tried:/)
    assert.match(stderr, /without\/native\/dingstream\.linux-x64-gnu\.node: Cannot find module/)
    assert.match(stderr, /build it from source/)
  })

  it('refuses a library of another version', () => {
    const place = copy('mixed')
    const manifest = path.join(place, 'package.json')
    execFileSync('sed', ['-i', 's/"version": "[^"]*"/"version": "9.9.9"/', manifest])
    assert.match(load(place).stderr, /it is version \d+\.\d+\.\d+, and the package is 9\.9\.9/)
  })
})
