'use strict'

const native = require('./load.js')
const { argument, made } = require('./raise.js')

exports.escapeMarkdown = (text) => native.escapeMarkdown(String(text))

exports.mention = (who) => native.mention(String(who))

exports.imageMarkdown = (photo) => native.imageMarkdown(String(photo))

exports.linkTo = (url, place = 'panel') => made(native.linkTo(String(url), String(place)))

exports.fitMarkdown = (text) => native.fitMarkdown(String(text))

exports.splitMarkdown = (text, bytes) => {
  if (!(Number.isInteger(bytes) && bytes > 0)) throw argument('the size of a part is a whole number of bytes')
  return native.splitMarkdown(String(text), bytes)
}
