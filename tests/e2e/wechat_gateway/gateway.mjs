// A puppet service over a mock WeChat, told by JSON lines on standard input what people do there.
// What the bot says comes out as JSON lines on standard output.
import * as readline from 'node:readline'
import { FileBox } from 'file-box'
import { PuppetMock, mock } from 'wechaty-puppet-mock'
import { PuppetServer } from 'wechaty-puppet-service'

const [port, token] = process.argv.slice(2)
const mocker = new mock.Mocker()
const puppet = new PuppetMock({ mocker })
const tell = line => process.stdout.write(JSON.stringify(line) + '\n')
let failing = 0

const payload = puppet.messagePayload.bind(puppet)
puppet.messagePayload = async id => {
  if (failing > 0) { failing--; throw new Error('payload not to be had') }
  return payload(id)
}
const sendText = puppet.messageSendText.bind(puppet)
puppet.messageSendText = async (to, text, mentions) => {
  tell({ sent: 'text', to, text, mentions: mentions ?? [] })
  await sendText(to, text)
  return `sent-${Date.now()}-${Math.random()}`
}
const sendFile = puppet.messageSendFile.bind(puppet)
puppet.messageSendFile = async (to, file) => {
  tell({ sent: 'file', to, name: file.name })
  await sendFile(to, file)
  return `sent-${Date.now()}-${Math.random()}`
}
puppet.friendshipAccept = async id => { tell({ accepted: id }) }
puppet.roomInvitationAccept = async id => { tell({ invited: id }) }

let server
const serve = async () => {
  server = new PuppetServer({ endpoint: `127.0.0.1:${port}`, puppet, token, tls: { disable: true } })
  await server.start()
}

const contact = id => mocker.ContactMock.load(id)
const room = id => mocker.RoomMock.load(id)
const place = id => (id.includes('@') ? room(id) : contact(id))
const types = { unknown: 0, audio: 2, card: 3, history: 4, emoticon: 5, mini: 9, envelope: 12, recalled: 13, url: 14 }
let count = 0
const raw = ({ from, to, text, type, id }) => {
  const known = { id: id ?? `raw${++count}`, talkerId: from, timestamp: Date.now(), type: types[type] ?? 7, text }
  mocker.MessageMock.create(to.includes('@') ? { ...known, roomId: to } : { ...known, listenerId: to })
  puppet.emit('message', { messageId: known.id })
}

const acts = {
  contact: ({ id, name }) => mocker.createContact({ id, name }),
  room: ({ id, topic, members }) => mocker.createRoom({ id, topic, memberIdList: members }),
  login: ({ id }) => mocker.login(contact(id)),
  logout: async () => puppet.logout('taken off the phone'),
  say: ({ from, to, text, mentions }) => contact(from).say(text, (mentions ?? []).map(contact)).to(place(to)),
  photo: ({ from, to, name }) => contact(from).say(FileBox.fromBase64(Buffer.from('PNG').toString('base64'), name)).to(place(to)),
  raw,
  burst: ({ from, to, text, times }) => { for (let n = 1; n <= times; n++) contact(from).say(`${text}${n}`).to(place(to)) },
  again: ({ id }) => puppet.emit('message', { messageId: id }),
  last: () => tell({ last: [...mocker.cacheMessagePayload.keys()].at(-1) }),
  join: ({ room: id, who, by }) => room(id).add(...who.map(contact)).by(contact(by)),
  leave: ({ room: id, who, by }) => room(id).remove(...who.map(contact)).by(contact(by)),
  topic: ({ room: id, text, by }) => room(id).topic(text).by(contact(by)),
  friend: ({ id }) => puppet.emit('friendship', { friendshipId: id }),
  invite: ({ id }) => puppet.emit('room-invite', { roomInvitationId: id }),
  scan: ({ code }) => mocker.scan(code),
  error: ({ text }) => puppet.emit('error', { data: text, gerror: text }),
  fail: ({ times }) => { failing = times },
  close: async () => { await server.stop(); await serve() },
}

puppet.on('error', () => {})
await puppet.start()
await serve()
tell({ ready: true })
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { act, ...rest } = JSON.parse(line)
  try { await acts[act](rest) } catch (error) { tell({ problem: String(error), act }) }
}
process.exit(0)
