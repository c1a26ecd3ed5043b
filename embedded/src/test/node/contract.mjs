// Usage: node contract.mjs URL USER PASSWORD. Ends with 0 when every check holds.
import assert from 'node:assert/strict'
import { createClient } from '@clickhouse/client'

const [url, username, password] = process.argv.slice(2)

for (const compression of [false, true]) {
  const client = createClient({
    url,
    username,
    password,
    compression: { request: compression, response: compression },
  })
  assert.equal((await client.ping()).success, true)
  await client.command({ query: 'DROP TABLE IF EXISTS node_contract' })
  await client.command({
    query:
      'CREATE TABLE node_contract (n UInt64, s String, m Map(String, String), cost Decimal(38, 18))' +
      ' ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
  })
  const values = Array.from({ length: 5000 }, (_, n) => ({
    n,
    s: `it's\n\n; ${n}`,
    m: { k: `${n}` },
    cost: '0.000000000000000001',
  }))
  for (let i = 0; i < 2; i++) {
    await client.insert({
      table: 'node_contract',
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { insert_deduplication_token: 'one' },
    })
  }
  const sums = await client.query({
    query: 'SELECT count() AS c, toString(sum(cost)) AS cost FROM node_contract WHERE n < {max:UInt64}',
    query_params: { max: 4000 },
    format: 'JSONEachRow',
  })
  assert.deepEqual(await sums.json(), [{ c: 4000, cost: '0.000000000000004' }])

  const json = await (await client.query({ query: 'SELECT s FROM node_contract ORDER BY n LIMIT 1' })).json()
  assert.equal(json.rows, 1)
  assert.equal(json.data[0].s, "it's\n\n; 0")

  let streamed = 0
  const rows = await client.query({ query: 'SELECT number FROM numbers(300000)', format: 'JSONCompactEachRow' })
  for await (const chunk of rows.stream()) {
    streamed += chunk.length
  }
  assert.equal(streamed, 300000)

  await assert.rejects(client.query({ query: 'SELECT * FROM nowhere' }), (error) => error.code === '60')
  await client.command({ query: 'DROP TABLE node_contract' })
  await client.close()
}
console.log('ok')
