import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isRegisteredCallback } from './callback.ts'

const app = (type: 'public' | 'confidential', ...callbackUrls: string[]) => ({ type, callbackUrls })

describe('the address a person is sent back to', () => {
  it('is one that was registered, character for character', () => {
    const shop = app('confidential', 'https://shop.example.com/callback', 'myapp://signed-in')
    assert.ok(isRegisteredCallback(shop, 'https://shop.example.com/callback'))
    assert.ok(isRegisteredCallback(shop, 'myapp://signed-in'))
    for (const uri of [
      'https://shop.example.com/callback/',
      'https://shop.example.com/callback?x=1',
      'https://shop.example.com:443/callback',
      'https://SHOP.example.com/callback',
      'https://shop.example.com.evil.example/callback',
      'https://shop.example.com/callback/../callback',
      '',
    ])
      assert.equal(isRegisteredCallback(shop, uri), false, uri)
    assert.equal(isRegisteredCallback(app('confidential'), 'https://shop.example.com/callback'), false)
  })

  it('may have any port for a public app on a loopback IP address', () => {
    const tool = app('public', 'http://127.0.0.1/done?tool=1', 'http://[::1]:8000/done')
    for (const uri of ['http://127.0.0.1:51004/done?tool=1', 'http://127.0.0.1/done?tool=1', 'http://[::1]/done'])
      assert.ok(isRegisteredCallback(tool, uri), uri)
    for (const uri of [
      'http://127.0.0.1:51004/done',
      'http://127.0.0.1:51004/done?tool=1&more=1',
      'http://127.0.0.1:99999/done?tool=1',
      'http://127.0.0.1:51004@evil.example/done?tool=1',
      'http://127.0.0.2:51004/done?tool=1',
      'https://127.0.0.1:51004/done?tool=1',
      'http://[::1]:8000/other',
    ])
      assert.equal(isRegisteredCallback(tool, uri), false, uri)
  })

  it('has the registered port on localhost, and for confidential apps', () => {
    assert.equal(isRegisteredCallback(app('public', 'http://localhost:3000/cb'), 'http://localhost:3001/cb'), false)
    assert.equal(isRegisteredCallback(app('confidential', 'http://127.0.0.1:3000/cb'), 'http://127.0.0.1:1/cb'), false)
  })
})
