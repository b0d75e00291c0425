// peer_duckdb.js MODULES FILE - DuckDB on a database file: a line {"threads", "sql"} in, a line {"seconds", "cpu", "rows"} out;
// rows are told when they are few.
// The time runs from the statement to its materialised result. Started by the bench's Python.
const [modules, file] = process.argv.slice(2);
const load = require('module').createRequire(modules + '/');
const { DuckDBInstance } = load('@duckdb/node-api');
const lines = require('readline').createInterface({ input: process.stdin });

async function main() {
	const connection = await (await DuckDBInstance.create(file)).connect();
	const version = await (await connection.run('SELECT version()')).getRows();
	console.log(JSON.stringify({ version: String(version[0][0]) }));
	for await (const line of lines) {
		const { threads, sql } = JSON.parse(line);
		await connection.run(`SET threads = ${threads}`);
		const start = process.hrtime.bigint();
		const used = process.cpuUsage();
		const result = await connection.run(sql);
		const seconds = Number(process.hrtime.bigint() - start) / 1e9;
		const { user, system } = process.cpuUsage(used);
		const rows = result.rowCount < 10 ? (await result.getRows()).map((row) => row.map(String)) : [];
		console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, rows }));
	}
}

main().catch((error) => {
	console.error(String(error));
	process.exit(1);
});
