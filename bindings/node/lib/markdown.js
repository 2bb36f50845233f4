'use strict'

const native = require('./load.js')
const { errorOf } = require('./raise.js')

exports.escapeMarkdown = (text) => native.escapeMarkdown(String(text))

exports.mention = (who) => native.mention(String(who))

exports.imageMarkdown = (photo) => native.imageMarkdown(String(photo))

exports.linkTo = (url, place = 'panel') => {
  const made = native.linkTo(String(url), String(place))
  if (typeof made === 'string') throw errorOf(made)
  return made[0]
}

exports.fitMarkdown = (text) => native.fitMarkdown(String(text))

exports.splitMarkdown = (text, bytes) => native.splitMarkdown(String(text), Number(bytes))
