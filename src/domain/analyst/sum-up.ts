import { textToStdout } from '../agent/cell-text.ts';
import type { Move, Progress } from './move.ts';
import type { ReportFiles, Task } from './read-context.ts';
import { ReadReport } from './read-report.ts';
import { writeSummary } from './write-summary.ts';

type SummaryTask = Extract<Task, { readonly kind: 'summary' }>;

/** The next move of a summary: one Python cell reads the reports in the workspace, then the summary is written. */
export const sumUp = (task: SummaryTask, { turn, results, mustSubmit }: Progress): Move => {
  const refused = results.get(summaryId);
  if (refused?.is_error === true) return { say: `The summary was refused: ${refused.text.slice(0, 200)}`, calls: [] };
  if (turn === 0 && !mustSubmit && task.files.length > 0) {
    return {
      say: 'Reading the reports in the workspace.',
      calls: [{ id: cellId, name: 'execute_python', input: { code: readingCell(task.files) } }],
    };
  }
  const printed = textToStdout(results.get(cellId)?.text ?? '');
  const reports = printed === undefined ? undefined : parse(printed.stdout);
  const content = writeSummary(task, reports ?? [], printed?.evidence_id);
  return { say: 'This is the summary.', calls: [{ id: summaryId, name: 'submit_html', input: { content } }] };
};

const cellId = 'read_reports';
const summaryId = 'summary';

/** Reads the tables out of the reports’ text. The first column of a table of findings is its severity. */
const readingCell = (files: ReportFiles): string => `import json
from html.parser import HTMLParser

class Tables(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.cell = [], None

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(" ".join(self.cell.split()))
            self.cell = None

def findings_of(body):
    parser = Tables()
    parser.feed(body)
    findings = []
    for table in parser.tables:
        if table and table[0] and table[0][0].lower() == "severity":
            names = [name.lower() for name in table[0]]
            findings += [dict(zip(names, row)) for row in table[1:61] if len(row) == len(names)]
    return findings

def size_of(database):
    tables = [table for table in database["tables"] if "view" not in table["schema"]["kind"]]
    return {
        "source": database["source"],
        "tables": len(tables),
        "rows": sum(table["rows"]["count"] for table in tables),
        "unknown": why_unknown(database),
    }

def why_unknown(database):
    if "failure" in database:
        return database["source"] + " could not be opened: " + database["failure"]["message"]
    if database["failed"] and not database["tables"]:
        return "No table of " + database["source"] + " could be measured: " + database["failed"][0]["failure"]["message"]
    return ""

reports = []
for file in json.loads(${JSON.stringify(JSON.stringify(files.map(({ name }) => name).filter((name) => name.endsWith('.json'))))}):
    with open(file, encoding="utf-8") as handle:
        report = json.load(handle)
    databases = (report.get("profile") or {}).get("databases", [])
    reports.append({
        "file": file,
        "agent": report["agent"],
        "created_at": report["created_at"],
        "databases": [size_of(database) for database in databases],
        "findings": [] if report["agent"] == "summary" else findings_of(report["body_html"]),
    })
for report in reports:
    print(json.dumps(report))
`;

const parse = (stdout: string): readonly ReadReport[] =>
  stdout.split('\n').flatMap((line) => {
    try {
      return ReadReport.safeParse(JSON.parse(line)).data ?? [];
    } catch {
      return [];
    }
  });
