// peer_clickhouse.js MODULES DIRECTORY - ClickHouse in a directory: a line {"threads", "sql"} in, a line {"seconds",
// "cpu"} out.
// Answers go to format Null: they are computed, not printed. Started by the bench's Python.
const [modules, directory] = process.argv.slice(2);
const load = require('module').createRequire(modules + '/');
const { Session } = load('chdb');
const lines = require('readline').createInterface({ input: process.stdin });

async function main() {
	const session = new Session(directory);
	console.log(JSON.stringify({ version: String(session.query('SELECT version()', 'TabSeparated')).trim() }));
	for await (const line of lines) {
		const { threads, sql } = JSON.parse(line);
		const start = process.hrtime.bigint();
		const used = process.cpuUsage();
		session.query(`${sql} SETTINGS max_threads = ${threads}`, 'Null');
		const seconds = Number(process.hrtime.bigint() - start) / 1e9;
		const { user, system } = process.cpuUsage(used);
		console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6 }));
	}
}

main().catch((error) => {
	console.error(String(error));
	process.exit(1);
});
