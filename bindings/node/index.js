'use strict'

module.exports = {
  ...require('./lib/public.js'),
  ...require('./lib/markdown.js'),
  ...require('./lib/generated/errors.js'),
  ...require('./lib/generated/messages.js'),
  ...require('./lib/generated/topics.js'),
  ...require('./lib/generated/views.js')
}
