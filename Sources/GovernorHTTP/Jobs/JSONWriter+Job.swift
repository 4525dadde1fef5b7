import GovernorLists

extension JSONWriter {
    mutating func job(_ view: JobView) {
        let job = view.job
        beginObject()
        field("id", job.id)
        switch job.family {
        case .imports: field("kind", job.kind)
        case .scrubs:
            field("format", job.kind)
            name("parameters")
            beginObject()
            for parameter in job.parameters {
                name(text: parameter.name)
                value(parameter.value)
            }
            endObject()
        }
        field("state", job.state.rawValue)
        field("detail", orNull: job.detail)
        field("by", job.owner.id)
        field("rows", job.rows)
        if job.family == .imports {
            field("recorded", job.recorded)
            field("repeated", job.repeated)
            field("refused", job.refused)
        }
        field("bytes", job.bytes)
        field("bytes_done", job.state == .done ? job.bytes : job.bytesDone)
        field("rows_per_second", orNull: view.rowsPerSecond)
        field("seconds_left", orNull: view.secondsLeft)
        field("restarts", job.restarts)
        field("created_at", job.createdAt)
        field("started_at", orNull: job.startedAt)
        field("ended_at", orNull: job.endedAt)
        field("forgotten_at", orNull: view.forgottenAt)
        if job.family == .scrubs {
            name("summary")
            if var summary = job.summary {
                summary.withUTF8 { raw(UnsafeRawBufferPointer($0)) }
            } else {
                null()
            }
        }
        endObject()
    }

    private mutating func field(_ name: StaticString, orNull number: Int?) {
        self.name(name)
        if let number { value(number) } else { null() }
    }
}
