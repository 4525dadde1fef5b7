// Generated from openapi.yaml by Scripts/embed-openapi.sh; a test holds the two equal.
// swift-format-ignore-file
package let openAPIText = ##"""
openapi: 3.1.0
info:
  title: Governor
  summary: May we contact this person now?
  version: "1"
  license: { name: Apache-2.0, identifier: Apache-2.0 }
  description: |
    One service answers, for every dialer and mailer of a company and its agencies, whether a person may be contacted
    now, and counts the contact in the same act.

    **Conventions**

    - Bodies are JSON in UTF-8. Unknown and repeated fields are refused. A field that may be left out may also be `null`,
      which means the same. An empty string is refused.
    - `maxLength` counts characters; the server counts bytes of UTF-8 against the same figure.
    - Instants are RFC 3339 with an offset, read and written to the millisecond (`2026-11-22T16:02:11.250Z`). Spans are
      half-open: a start belongs to its span, an end does not.
    - Durations are ISO 8601 (`PT2M`).
    - A denial is an answer: status 200 with `verdict: deny`. Status 503 means that nobody knows; read it as a denial.
    - Every error is a problem document (RFC 9457) whose `errors` name the fields by their JSON path.
    - Send a key as `Authorization: Bearer …`. `x-roles` lists the roles that may use an operation. The agency of a
      contact is the key's.
    - Text that describes a person may stand in a body only, never in a URL.
servers:
  - { url: "http://127.0.0.1:8080" }
security: [{ key: [] }]
tags:
  - { name: decisions, description: "May we, now? Check and reserve are one atomic act." }
  - { name: reservations, description: "What became of an allowed contact." }
  - { name: links, description: "People's own pages, by links in messages." }
  - { name: facts, description: "What a person, or a system that knows her, has told." }
  - { name: jobs, description: "Lists that are worked on in the background." }
  - { name: people, description: "What is known of a person." }
  - { name: policies, description: "What decides, and what decided." }
  - { name: service, description: "Health, metrics and this description. No key is needed." }

paths:
  /v1/decisions:
    post:
      operationId: decide
      tags: [decisions]
      summary: Decides one contact and, unless told otherwise, reserves it.
      description: |
        All rules that apply are evaluated and every failing one is listed, most restrictive first. With `reserve: true`
        an allowed contact counts at once; it is on disk before the answer is sent. Bodies are at most 64 KiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/DecisionRequest" }
            examples:
              firstCall:
                value:
                  contact: { phone: "+1 212 555 0100", country: US, region: NY }
                  channel: voice
                  purpose: marketing
                  product: term-life
                  hold_for: PT2M
      responses:
        "200": { $ref: "#/components/responses/Decision" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/IdempotencyConflict" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/decisions/batch:
    post:
      operationId: decideBatch
      tags: [decisions]
      summary: Decides up to 1,000 contacts, in order.
      description: |
        A bad item gets a problem in its place and the others proceed. An earlier reserved allow counts for a later
        request of the same person. A body that is not JSON, or is not shaped like a batch, is refused whole. Bodies are
        at most 4 MiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/BatchRequest" }
      responses:
        "200":
          description: One answer per request, in the order of the requests.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/BatchAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/reservations:
    get:
      operationId: listReservations
      tags: [reservations]
      summary: The caller's own open reservations, newest first.
      description: |
        Those that this node gave since it started, the newest 10,000 of a caller; each is looked up on its record, so what
        was released, revoked, reported or has expired is not listed.
      x-roles: [dialer, agent, compliance, admin]
      parameters:
        - name: state
          in: query
          required: true
          description: "`open`: reserved or confirmed, not yet reported, released, revoked or expired."
          schema: { type: string, enum: [open] }
        - name: limit
          in: query
          schema: { type: integer, minimum: 1, maximum: 1000, default: 100 }
        - name: after
          in: query
          description: The `next` of the page before.
          schema: { type: string, minLength: 1, maxLength: 128 }
      responses:
        "200":
          description: One page.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ReservationPage" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/reservations/{id}:
    parameters: [{ $ref: "#/components/parameters/ReservationID" }]
    delete:
      operationId: releaseReservation
      tags: [reservations]
      summary: Gives an unused reservation back, and its place in every cap with it.
      description: |
        Also after its expiry. Releasing twice is the same as once. One with an outcome is refused with 409
        `reservation.used`: correct the outcome instead. The body is empty or `{}`.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: Released.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ReservationState" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/ReservationUnknown" }
        "409": { $ref: "#/components/responses/ReservationUsed" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/reservations/{id}/confirm:
    parameters: [{ $ref: "#/components/parameters/ReservationID" }]
    post:
      operationId: confirmReservation
      tags: [reservations]
      summary: Asks once more, just before the contact is made, and moves the touch to that instant.
      description: |
        Everything is evaluated again except the reservation's own touch; after its expiry this is a fresh decision. A
        denial frees the reservation. A revoked or released one is a denial with the code `reservation.gone`. Confirming
        again gives the same answer. The body is empty or `{}`.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: false
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Nothing" }
      responses:
        "200": { $ref: "#/components/responses/Decision" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/ReservationUnknown" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/reservations/{id}/outcome:
    parameters: [{ $ref: "#/components/parameters/ReservationID" }]
    post:
      operationId: reportOutcome
      tags: [reservations]
      summary: Reports what happened.
      description: |
        Late, repeated and out-of-order reports are safe: the outcome with the latest event time wins, unless an earlier
        report was a correction. Bodies are at most 16 KiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/OutcomeReport" }
            examples:
              refused: { value: { outcome: refused, at: "2026-11-21T16:05:40Z" } }
      responses:
        "200":
          description: On record.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/OutcomeAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/ReservationUnknown" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/status:
    post:
      operationId: status
      tags: [decisions]
      summary: Answers for all channels and purposes of a person at once. Counts and teaches nothing.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/StatusRequest" }
      responses:
        "200":
          description: One answer per channel and purpose, channels outermost, both in the order asked.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/StatusAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/scrub:
    post:
      operationId: scrub
      tags: [decisions]
      summary: Judges every row of a list of any length while it is still coming in. Counts and teaches nothing.
      description: |
        The parameters are what all rows have in common, columns and members are named like the fields of `contact`. CSV
        begins with a row that names the columns; others are carried, and `verdict`, `reasons` (rules, with spaces between
        them), `message`, `next_allowed_at` and `duplicate_of` are added. Lines of JSON hold one contact each and come back
        as `row`, `contact` and the answer. A row that shares an identifier or a known person with an earlier readable row is
        a `duplicate` of it. The last line is `summary`; an answer without it is incomplete, and its last line then is an
        `error`. The client may send everything before it reads anything.
      x-roles: [dialer, agent, compliance, admin]
      parameters:
        - { name: channel, in: query, required: true, schema: { $ref: "#/components/schemas/Channel" } }
        - { name: purpose, in: query, required: true, schema: { $ref: "#/components/schemas/Name" } }
        - { name: campaign, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: subject, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: product, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: brand, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - name: accounts
          in: query
          description: With spaces between them.
          schema: { type: string, maxLength: 1024 }
        - { name: method, in: query, schema: { type: string, enum: [live, automated, prerecorded] } }
        - name: at
          in: query
          description: Another instant to ask for.
          schema: { $ref: "#/components/schemas/Instant" }
        - name: country
          in: query
          description: Of rows that name none; so for the parameters that follow.
          schema: { type: string, minLength: 2, maxLength: 2 }
        - { name: region, in: query, schema: { type: string, minLength: 1, maxLength: 16 } }
        - { name: party, in: query, schema: { type: string, maxLength: 32 } }
        - { name: line_type, in: query, schema: { type: string, maxLength: 32 } }
        - { name: role, in: query, schema: { type: string, maxLength: 32 } }
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,country\r\n+1 212 555 0100,US\r\n" }
          application/x-ndjson: { schema: { type: string }, example: "{\"phone\": \"+1 212 555 0100\"}\n" }
      responses:
        "200":
          description: One row per row, in their order, and the summary.
          content:
            text/csv: { schema: { type: string } }
            application/x-ndjson: { schema: { type: string } }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "415": { $ref: "#/components/responses/NotAList" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/people:
    post:
      operationId: importPeople
      tags: [jobs]
      summary: Which identifiers belong together, from a CSV file of any length, as a job.
      description: |
        The first row names the columns, like the fields of the API (docs/reference-cli.md lists them); what is wrong with it
        is said at once. The file is taken in whole before the answer; then its rows become facts of the caller. A row without
        an `id` gets one made of the file's contents and the row's number. The same file posted again by the same caller, for
        the same kind, is the job that it was (200). A cancelled or failed one is begun anew, and rows that were recorded are
        counted as `repeated`.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,ids\r\n+1 212 555 0100,crm:8841\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/holdings:
    post:
      operationId: importHoldings
      tags: [jobs]
      summary: Products people have, from a CSV file of any length, as a job.
      x-roles: [agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "ids,product,status\r\ncrm:8841,term-life,active\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/opt-outs:
    post:
      operationId: importOptOuts
      tags: [jobs]
      summary: People who said no, from a CSV file of any length, as a job.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,at\r\n+1 212 555 0100,2026-11-20T16:02:11Z\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/opt-ins:
    post:
      operationId: importOptIns
      tags: [jobs]
      summary: People who want to be contacted again, from a CSV file of any length, as a job.
      x-roles: [agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,evidence\r\n+1 212 555 0100,form 7\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/consents:
    post:
      operationId: importConsents
      tags: [jobs]
      summary: Permissions, from a CSV file of any length, as a job.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,name\r\n+1 212 555 0100,written\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/withdrawals:
    post:
      operationId: importWithdrawals
      tags: [jobs]
      summary: Permissions taken back, from a CSV file of any length, as a job.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,name\r\n+1 212 555 0100,written\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/touches:
    post:
      operationId: importTouches
      tags: [jobs]
      summary: Contacts made elsewhere, from a CSV file of any length, as a job.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,channel,purpose,at\r\n+1 212 555 0100,voice,marketing,2026-11-20T16:02:11Z\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/events:
    post:
      operationId: importEvents
      tags: [jobs]
      summary: What happened, from a CSV file of any length, as a job.
      x-roles: [dialer, agent, compliance, admin]
      parameters: [{ $ref: "#/components/parameters/Again" }]
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,event\r\n+1 212 555 0100,complaint\r\n" }
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "202": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports:
    get:
      operationId: listImportJobs
      tags: [jobs]
      summary: "The imports of this node: the caller's, or all of them for `compliance` and `admin`."
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: The newest first.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ImportJobs" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/{id}:
    parameters: [{ $ref: "#/components/parameters/JobID" }]
    get:
      operationId: getImportJob
      tags: [jobs]
      summary: How far a job is and what came of it.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }
    delete:
      operationId: endImportJob
      tags: [jobs]
      summary: Cancels a job that runs, after its present step; forgets one that has ended, with its files.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200": { $ref: "#/components/responses/ImportJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "409": { $ref: "#/components/responses/JobState" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/imports/{id}/refused:
    parameters: [{ $ref: "#/components/parameters/JobID" }]
    get:
      operationId: getRefusedRows
      tags: [jobs]
      summary: The rows that an import refused so far.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: "`line,column,code,reason`; a row may be refused for several things. It repeats no identifier."
          content:
            text/csv: { schema: { type: string } }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "409": { $ref: "#/components/responses/JobState" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/scrubs:
    post:
      operationId: scrubAsJob
      tags: [jobs]
      summary: Judges every row of a list of any length, as a job. Counts and teaches nothing.
      description: |
        As `/v1/scrub`, for lists that nobody wants to wait for: the list is taken in whole before the answer. The result is
        two files and a summary. After a restart of the server the job begins again with the first row. The same list posted
        again while its job runs is that job (200).
      x-roles: [dialer, agent, compliance, admin]
      parameters:
        - { name: channel, in: query, required: true, schema: { $ref: "#/components/schemas/Channel" } }
        - { name: purpose, in: query, required: true, schema: { $ref: "#/components/schemas/Name" } }
        - { name: campaign, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: subject, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: product, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - { name: brand, in: query, schema: { $ref: "#/components/schemas/Name" } }
        - name: accounts
          in: query
          description: With spaces between them.
          schema: { type: string, maxLength: 1024 }
        - { name: method, in: query, schema: { type: string, enum: [live, automated, prerecorded] } }
        - name: at
          in: query
          description: Another instant to ask for.
          schema: { $ref: "#/components/schemas/Instant" }
        - name: country
          in: query
          description: Of rows that name none; so for the parameters that follow.
          schema: { type: string, minLength: 2, maxLength: 2 }
        - { name: region, in: query, schema: { type: string, minLength: 1, maxLength: 16 } }
        - { name: party, in: query, schema: { type: string, maxLength: 32 } }
        - { name: line_type, in: query, schema: { type: string, maxLength: 32 } }
        - { name: role, in: query, schema: { type: string, maxLength: 32 } }
        - { $ref: "#/components/parameters/Again" }
      requestBody:
        required: true
        content:
          text/csv: { schema: { type: string }, example: "phone,country\r\n+1 212 555 0100,US\r\n" }
          application/x-ndjson: { schema: { type: string }, example: "{\"phone\": \"+1 212 555 0100\"}\n" }
      responses:
        "200": { $ref: "#/components/responses/ScrubJob" }
        "202": { $ref: "#/components/responses/ScrubJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotAList" }
        "507": { $ref: "#/components/responses/NoRoom" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }
    get:
      operationId: listScrubJobs
      tags: [jobs]
      summary: "The scrubbed lists of this node: the caller's, or all of them for `compliance` and `admin`."
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: The newest first.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ScrubJobs" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/scrubs/{id}:
    parameters: [{ $ref: "#/components/parameters/JobID" }]
    get:
      operationId: getScrubJob
      tags: [jobs]
      summary: How far a job is and what came of it.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200": { $ref: "#/components/responses/ScrubJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }
    delete:
      operationId: endScrubJob
      tags: [jobs]
      summary: Cancels a job that runs, after its present step; forgets one that has ended, with its files.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200": { $ref: "#/components/responses/ScrubJob" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "409": { $ref: "#/components/responses/JobState" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/scrubs/{id}/kept:
    parameters: [{ $ref: "#/components/parameters/JobID" }]
    get:
      operationId: getKeptRows
      tags: [jobs]
      summary: The rows that may be contacted, once the job is done.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: CSV rows as they came; lines of JSON as `/v1/scrub` answers them.
          content:
            text/csv: { schema: { type: string } }
            application/x-ndjson: { schema: { type: string } }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "409": { $ref: "#/components/responses/JobState" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/scrubs/{id}/dropped:
    parameters: [{ $ref: "#/components/parameters/JobID" }]
    get:
      operationId: getDroppedRows
      tags: [jobs]
      summary: The rows that may not be contacted, with reasons, once the job is done.
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: As `/v1/scrub` answers them.
          content:
            text/csv: { schema: { type: string } }
            application/x-ndjson: { schema: { type: string } }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/JobUnknown" }
        "409": { $ref: "#/components/responses/JobState" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/registries:
    get:
      operationId: listRegistries
      tags: [policies]
      summary: "The outside lists of this node: versions, ages, counts, and whether rules can still rely on them."
      x-roles: [dialer, agent, compliance, admin]
      responses:
        "200":
          description: By name; also those that rules ask and nobody has loaded.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Registries" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/people/lookup:
    post:
      operationId: lookUpPeople
      tags: [people]
      summary: The persons whom the identifiers lead to.
      x-roles: [agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/LookupRequest" }
            examples:
              byPhone: { value: { contact: { phone: "+1 212 555 0100" } } }
      responses:
        "200":
          description: Nobody, one, or several who are not joined.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/LookupAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/people/conflicts:
    get:
      operationId: listConflicts
      tags: [people]
      summary: Persons who were named together although they are not joined, and wait for a decision.
      description: |
        As far as this node has met them, newest first. `POST /v1/merges` makes such persons one;
        `POST /v1/people/apart` says that they are different people. Shared identifiers and placeholders join nobody and
        are not listed.
      x-roles: [agent, compliance, admin]
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 1000, default: 100 } }
        - { name: after, in: query, description: The `next` of the page before., schema: { type: string, maxLength: 20 } }
      responses:
        "200":
          description: A page of them.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ConflictsAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/people/apart:
    post:
      operationId: keepApart
      tags: [people]
      summary: Says that these are different people.
      description: Their conflict is not listed any more. Nothing else changes; it is on record before the answer is sent.
      x-roles: [compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/ApartRequest" }
            examples:
              two: { value: { persons: [0123456789abcdef0123456789abcdef, fedcba9876543210fedcba9876543210] } }
      responses:
        "200":
          description: Those of them who are known.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ApartAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/merges:
    post:
      operationId: mergePeople
      tags: [people]
      summary: Makes several persons one.
      description: |
        An explicit decision, which linking never takes by itself. Touches count together, every opt-out binds all of
        them, and a permission holds only where each record has it: a merge never turns a denial into an allowance. The
        records stay as they are and name each other; `DELETE` takes the merge back exactly.
      x-roles: [agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/MergeRequest" }
            examples:
              two:
                value:
                  id: merge-77
                  persons: [0123456789abcdef0123456789abcdef, fedcba9876543210fedcba9876543210]
                  source: console
                  evidence: She confirmed both numbers on the phone.
      responses:
        "200":
          description: They are one person, or were already.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/MergeAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/PersonUnknown" }
        "409": { $ref: "#/components/responses/MergeRefused" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/merges/{id}:
    parameters:
      - name: id
        in: path
        required: true
        description: The `merge` that `POST /v1/merges` and the persons' records give.
        schema: { $ref: "#/components/schemas/MergeName" }
    delete:
      operationId: undoMerge
      tags: [people]
      summary: Takes a merge back.
      description: |
        Every record is what it was. What was told of the person meanwhile stays on every record as far as it forbids
        (`borrowed`), and permits only on the record whose identifiers it named.
      x-roles: [compliance, admin]
      responses:
        "200":
          description: Undone, now or before.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/MergeAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/MergeUnknown" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/people/{id}:
    parameters:
      - name: id
        in: path
        required: true
        description: The random id that other answers gave.
        schema: { $ref: "#/components/schemas/PersonID" }
    get:
      operationId: getPerson
      tags: [people]
      summary: Everything on one person's record.
      x-roles: [agent, compliance, admin]
      responses:
        "200":
          description: The record.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Person" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/PersonUnknown" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }
    delete:
      operationId: erasePerson
      tags: [people]
      summary: Erases everything held about a person but her refusals to be contacted.
      description: |
        Goes: identifiers, touches, holdings, consents, whereabouts, labels, evidence and everything else, with all records
        that were merged with hers, out of the store and out of this node's ledger, whose chain stays whole. Stays: every
        opt-out that nothing has lifted, and complaints, refusals and the flags `attorney` and `deceased`, as they were told,
        with the keyed hashes that they bind; and the random id with the instant of the erasure, so that no ledger or backup
        brings her back. Open reservations are revoked and announced on `GET /v1/stream` with the cause `erasure`.
        Idempotent; what was begun is finished after a crash. Other nodes of the same Redis do the same with their ledgers;
        one that was away does when it is back, or when it is asked itself.
      x-roles: [compliance, admin]
      responses:
        "200":
          description: Erased, in this node's ledger too.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ErasureAnswer" }
        "202":
          description: Erased in the store; the ledger is being worked on, and is finished in any case.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/ErasureAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404": { $ref: "#/components/responses/PersonUnknown" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/stream:
    get:
      operationId: listen
      tags: [reservations]
      summary: Tells which reservations were just taken back, as server-sent events.
      description: |
        A hint, so that a dialer can drop a call before it is made; what binds is the confirmation. Events of every node
        reach the listeners of every node. A dialer or agent hears of its own agency's reservations, compliance and admin
        of all. The stream stays open; a comment is sent every 15 seconds when there is nothing to tell.

        - `ready`: listening began; its `id` is the number to go on from. `retry` says how soon to come back after a loss.
        - `revoked`: `data` is a `Revocation`.
        - `reset`: something may have been missed (the number in `Last-Event-ID` is too old, or of a store that has lost
          it): confirm every open reservation anew.
        - `dropped`: the listener read too slowly, and the stream ends.

        The newest 10,000 events are kept. A node has at most 256 listeners, 16 of them with one key.
      x-roles: [dialer, agent, compliance, admin]
      parameters:
        - name: Last-Event-ID
          in: header
          description: The `id` of the last event that was read; the stream goes on after it.
          schema: { type: string, maxLength: 64 }
      responses:
        "200":
          description: Events, until either side ends the connection.
          content:
            text/event-stream:
              schema: { type: string }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "429": { $ref: "#/components/responses/Other" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/unsubscribe-links:
    post:
      operationId: makeUnsubscribeLinks
      tags: [links]
      summary: Makes one-click unsubscribe links and the mail headers that carry them.
      description: |
        The contact names exactly one phone or email. The link holds it only as a hash, encrypted; opening it shows a page,
        and a POST of `List-Unsubscribe=One-Click` to it says no (RFC 8058). Without a `scope` it says no to marketing by e-mail (for a
        phone: by text), limited to `brand` when one is named. It works for good, as long as the installation's secret does.
        One, or up to 1,000 as `items` with an answer each. Bodies are at most 1 MiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              anyOf:
                - { $ref: "#/components/schemas/UnsubscribeLinkRequest" }
                - { $ref: "#/components/schemas/UnsubscribeLinkRequests" }
            examples:
              mail: { value: { contact: { email: "ana@example.com" }, brand: acme } }
      responses:
        "200":
          description: The links.
          content:
            application/json:
              schema:
                anyOf:
                  - { $ref: "#/components/schemas/UnsubscribeLink" }
                  - { $ref: "#/components/schemas/UnsubscribeLinkAnswers" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/preference-links:
    post:
      operationId: makePreferenceLinks
      tags: [links]
      summary: Makes links to a person's own page.
      description: |
        The contact names exactly one phone or email. On the page she sees what is recorded about her and chooses what to
        stop or allow. Whoever has the link can: put it only into a message to that address. It ends after `expires_in`. One, or up to 1,000 as `items`.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              anyOf:
                - { $ref: "#/components/schemas/PreferenceLinkRequest" }
                - { $ref: "#/components/schemas/PreferenceLinkRequests" }
            examples:
              mail: { value: { contact: { email: "ana@example.com" }, brand: acme, expires_in: P30D } }
      responses:
        "200":
          description: The links.
          content:
            application/json:
              schema:
                anyOf:
                  - { $ref: "#/components/schemas/PreferenceLink" }
                  - { $ref: "#/components/schemas/PreferenceLinkAnswers" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/inbound-messages:
    post:
      operationId: receiveMessage
      tags: [facts]
      summary: Takes an inbound text message and carries out its STOP, START or HELP.
      description: |
        The message is recorded as an inbound contact; its text is not kept. A STOP is an opt-out of everything (of `brand`
        when one is named; of `scope` when one is given), on disk and in force before the answer. A START is an opt-in for
        the channel it came by. `reply` is what to send back: ask for a decision with its `exemption` first. Sent again with
        the same `id` it is the same message. Bodies are at most 64 KiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/InboundMessage" }
            examples:
              stop: { value: { id: SM123, channel: sms, from: "+12125550100", to: "+18885550123", text: "Stop!", brand: acme } }
      responses:
        "200":
          description: What it means, and what to send back.
          content: { application/json: { schema: { $ref: "#/components/schemas/InboundAnswer" } } }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/Other" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /u/{token}:
    get:
      operationId: showUnsubscribePage
      tags: [links]
      summary: The page of an unsubscribe link; changes nothing.
      security: []
      parameters: [{ $ref: "#/components/parameters/LinkToken" }]
      responses: &pages
        "200":
          description: A page, in the language that `Accept-Language` likes best of English, German and French.
          content: { text/html: { schema: { type: string } } }
        "400": { $ref: "#/components/responses/Page" }
        "404": { $ref: "#/components/responses/Page" }
        "410": { $ref: "#/components/responses/Page" }
        "413": { $ref: "#/components/responses/Page" }
        "429": { $ref: "#/components/responses/Page" }
        "503": { $ref: "#/components/responses/Page" }
        default: { $ref: "#/components/responses/Other" }
    post:
      operationId: unsubscribe
      tags: [links]
      summary: Says the no of an unsubscribe link.
      description: |
        As mail providers send it: no cookie, no key, and an answer without redirection. On disk and in force before the
        answer. Said again it changes nothing. At most 30 requests at once for one link, then one every 2 seconds.
      security: []
      parameters: [{ $ref: "#/components/parameters/LinkToken" }]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded: { schema: { $ref: "#/components/schemas/OneClick" } }
          multipart/form-data: { schema: { $ref: "#/components/schemas/OneClick" } }
      responses: *pages

  /p/{token}:
    get:
      operationId: showPreferencePage
      tags: [links]
      summary: A person's own page.
      security: []
      parameters:
        - { $ref: "#/components/parameters/LinkToken" }
        - name: brand
          in: query
          description: The brand to choose for; empty, all of them.
          schema: { type: string, maxLength: 128 }
      responses: *pages
    post:
      operationId: choosePreferences
      tags: [links]
      summary: Puts a person's choices on record.
      description: |
        The form of the page: `was` and `may` hold `CHANNEL:PURPOSE`, ticked before and now; only differences are put on
        record, as opt-outs and opt-ins. With `everything` it is a no to everything.
      security: []
      parameters: [{ $ref: "#/components/parameters/LinkToken" }]
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [visit, brand]
              properties:
                visit: { type: string, maxLength: 32 }
                brand: { type: string, maxLength: 128 }
                was: { type: array, items: { type: string } }
                may: { type: array, items: { type: string } }
                everything: { type: string }
      responses: *pages

  /v1/opt-outs:
    post:
      operationId: addOptOuts
      tags: [facts]
      summary: Records that a person said no.
      description: |
        It denies the very next decision it covers and the confirmation of every reservation already given; those are
        listed in `revoked`. It is on disk and in force before the answer is sent. Bodies are at most 2 MiB.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/OptOuts" }
            examples:
              everything: { value: { id: unsubscribe-8841, contact: { phone: "+1 212 555 0100" }, source: agent } }
              oneChannel:
                value:
                  id: unsubscribe-8842
                  contact: { email: ana@example.com }
                  reach: endpoint
                  scope: { channels: [email], purposes: [marketing] }
                  at: "2026-11-21T16:05:40Z"
                  source: web
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/opt-ins:
    post:
      operationId: addOptIns
      tags: [facts]
      summary: Records that a person lifted an earlier no. Needs evidence; lifts only what is inside its scope.
      x-roles: [agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/OptIns" }
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/consents:
    post:
      operationId: addConsents
      tags: [facts]
      summary: Records a permission by name. It never lifts an opt-out.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Consents" }
            examples:
              written:
                value:
                  id: consent-17
                  contact: { phone: "+1 212 555 0100" }
                  name: written
                  scope: { channels: [voice, sms], brands: [acme] }
                  evidence: form 2026-11/17, signed
                  at: "2026-11-20T10:00:00Z"
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/consents/withdrawals:
    post:
      operationId: addWithdrawals
      tags: [facts]
      summary: Ends permissions. A withdrawal is not an opt-out.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Withdrawals" }
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/holdings:
    post:
      operationId: addHoldings
      tags: [facts]
      summary: Records what the person has bought, has asked for or has given up.
      description: For each product the latest record whose `at` is not after the instant of a decision rules.
      x-roles: [agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Holdings" }
            examples:
              bought:
                value:
                  id: contract-5521
                  contact: { ids: ["crm:8841"], phone: "+1 212 555 0100" }
                  product: term-life
                  family: life
                  status: active
                  from: "2026-09-01T00:00:00Z"
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/touches:
    post:
      operationId: addTouches
      tags: [facts]
      summary: Records contacts that were made elsewhere, or that the person made.
      description: |
        An outbound touch counts in caps and gaps from its `at`. An inbound one never does, but starts cool-offs by its
        outcome. Caps that it shows passed are listed in `overrun`.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Touches" }
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/events:
    post:
      operationId: addEvents
      tags: [facts]
      summary: Records what no touch of ours caused, appointments and quiet times among it.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Events" }
            examples:
              complaint: { value: { id: complaint-3, contact: { phone: "+1 212 555 0100" }, event: complaint } }
              appointment:
                value:
                  id: callback-9
                  contact: { phone: "+1 212 555 0100" }
                  event: appointment
                  from: "2026-11-23T20:30:00-05:00"
                  to: "2026-11-23T21:30:00-05:00"
              quietTime:
                value:
                  id: quiet-2
                  contact: { phone: "+1 212 555 0100" }
                  event: quiet_time
                  hours: { weekdays: ["09:00-17:00"] }
                  until: "2027-01-01T00:00:00Z"
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/links:
    post:
      operationId: addLinks
      tags: [facts]
      summary: Teaches that identifiers belong together, where at least one of them is new.
      description: |
        Nothing is joined when they already belong to different persons, when a namespace would get a second identifier
        although it holds one per person, when one of them is shared or a known placeholder, or past 8 phones and 8
        addresses. The answer then says `identity_conflict: true` and lists the persons.
      x-roles: [dialer, agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/Links" }
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/identifiers:
    post:
      operationId: describeIdentifiers
      tags: [facts]
      summary: Says of one identifier that it is shared, stands for a household, or bears labels.
      x-roles: [agent, compliance, admin]
      requestBody:
        required: true
        content:
          application/json:
            schema: { $ref: "#/components/schemas/IdentifierNotes" }
            examples:
              reception: { value: { id: note-1, contact: { phone: "+1 212 555 0199" }, shared: true } }
      responses:
        "200": { $ref: "#/components/responses/FactAnswer" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "409": { $ref: "#/components/responses/FactMismatch" }
        "413": { $ref: "#/components/responses/TooLarge" }
        "415": { $ref: "#/components/responses/NotJSON" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/policies:
    get:
      operationId: listPolicies
      tags: [policies]
      summary: What this node decides by, since when, and which revisions ever decided.
      description: |
        Each node answers for itself. `kept` lists the revisions whose texts are in the data folder, the one that was put
        in force last first, at most 1,000. A text is on disk before it decides and is never written again.
      x-roles: [compliance, admin]
      responses:
        "200":
          description: The policies.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Policies" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /v1/policies/{revision}:
    parameters:
      - name: revision
        in: path
        required: true
        description: The `policy_revision` of a decision.
        schema: { type: string, maxLength: 64 }
    get:
      operationId: getPolicy
      tags: [policies]
      summary: The texts of one revision, as they were when it decided.
      x-roles: [compliance, admin]
      responses:
        "200":
          description: The texts.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/PolicyTexts" }
        "400": { $ref: "#/components/responses/BadRequest" }
        "401": { $ref: "#/components/responses/Unauthorized" }
        "403": { $ref: "#/components/responses/Forbidden" }
        "404":
          description: No policies with this revision decided on this node.
          content:
            application/problem+json:
              schema: { $ref: "#/components/schemas/Problem" }
        "429": { $ref: "#/components/responses/TooManyRequests" }
        "503": { $ref: "#/components/responses/Unavailable" }
        default: { $ref: "#/components/responses/Other" }

  /healthz:
    get:
      operationId: health
      tags: [service]
      summary: Whether the process lives.
      security: []
      responses:
        "200":
          description: It does.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Health" }

  /readyz:
    get:
      operationId: readiness
      tags: [service]
      summary: Whether it should get traffic, and which policies are in force.
      security: []
      responses:
        "200":
          description: Ready.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Readiness" }
        "503":
          description: Not ready; `checks` says why.
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Readiness" }

  /metrics:
    get:
      operationId: metrics
      tags: [service]
      summary: Metrics in the text format of Prometheus.
      security: []
      responses:
        "200":
          description: The metrics.
          content:
            text/plain: { schema: { type: string } }

  /openapi.yaml:
    get:
      operationId: description
      tags: [service]
      summary: This document.
      security: []
      responses:
        "200":
          description: The document.
          content:
            application/yaml: { schema: { type: [object, string], description: "This description: an object, or its text to a client that does not read YAML." } }

components:
  securitySchemes:
    key: { type: http, scheme: bearer, description: "An API key, which `governor keys add` makes, or a token of the company's identity provider. With mutual TLS a client certificate may stand in its place." }

  parameters:
    JobID:
      name: id
      in: path
      required: true
      schema: { type: string, pattern: "^job_[0-9a-f]{32}$" }
    Again:
      name: again
      in: query
      description: Makes a new job of a list that was posted before.
      schema: { type: boolean }
    LinkToken:
      name: token
      in: path
      required: true
      description: What makes the link; opaque.
      schema: { type: string, minLength: 1, maxLength: 4096 }
    ReservationID:
      name: id
      in: path
      required: true
      description: A reservation of the caller's own.
      schema: { $ref: "#/components/schemas/ReservationID" }

  headers:
    RetryAfter:
      description: Seconds to wait.
      schema: { type: integer, minimum: 1 }

  responses:
    Decision:
      description: Allowed or denied.
      content:
        application/json:
          schema: { $ref: "#/components/schemas/Decision" }
    FactAnswer:
      description: An answer to one fact, or `answers` in the order of `items`.
      content:
        application/json:
          schema:
            oneOf:
              - { $ref: "#/components/schemas/FactAnswer" }
              - { $ref: "#/components/schemas/FactAnswers" }
    BadRequest:
      description: Something in the request is wrong; nothing was done. `errors` names the fields.
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    Unauthorized:
      description: "No key, or one that is not known. Code `key.required`."
      headers: { WWW-Authenticate: { schema: { type: string } } }
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    Forbidden:
      description: |
        The key may not do this. Code `key.role`: not with its role; `key.channel`, `key.campaign`: not for what `errors`
        name; `key.batch`: not as much in one batch.
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    ReservationUnknown:
      description: "The caller holds no such reservation. Code `reservation.unknown`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    ReservationUsed:
      description: "Confirmed or reported already. Code `reservation.used`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    MergeRefused:
      description: "Codes `merge.shared`, `merge.too_many`, `record.full`; `fact.mismatch`: the id was used for other persons."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    MergeUnknown:
      description: "There is no such merge. Code `merge.unknown`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    PersonUnknown:
      description: "No person has this id. Code `person.unknown`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    IdempotencyConflict:
      description: "The same key is in flight (`idempotency.in_flight`) or came with another request (`idempotency.mismatch`)."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    FactMismatch:
      description: "A fact with this id says something else. Code `fact.mismatch`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    TooLarge:
      description: "The body is longer than its bound. Code `http.body_too_large`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    NotJSON:
      description: "The content type is not JSON. Code `http.media_type`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    ImportJob:
      description: "The job. 202: it is new; 200: it was there."
      content: { application/json: { schema: { $ref: "#/components/schemas/ImportJob" } } }
    ScrubJob:
      description: "The job. 202: it is new; 200: it was there."
      content: { application/json: { schema: { $ref: "#/components/schemas/ScrubJob" } } }
    JobUnknown:
      description: "It never was, is another caller's, or is forgotten. Code `job.unknown`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    JobState:
      description: "The list is still coming in, or there is no result. Codes `job.receiving`, `job.not_done`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    NoRoom:
      description: "The disk has no room for the list beside the store and the ledger. Code `jobs.disk_full`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    NotAList:
      description: "Neither CSV nor lines of JSON. Code `http.media_type`."
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    TooManyRequests:
      description: |
        The key asks more often (`key.rate`), or more at once (`key.concurrent`), than it may on this node. Nothing was
        done; where a decision was asked for, `verdict: deny`.
      headers: { Retry-After: { $ref: "#/components/headers/RetryAfter" } }
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    Other:
      description: |
        What any path may answer: 404 `http.not_found`, 405 `http.method`, 408 `http.too_slow`, 431
        `http.header_too_large`, and a few more that are wrong with HTTP itself; 500 is our mistake.
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
    Page:
      description: A page that says in words what did not work, and what to do.
      content: { text/html: { schema: { type: string } } }
    Unavailable:
      description: |
        The store did not answer in time, or a queue is full. Code `store.unavailable`; where a decision was asked for,
        `verdict: deny`. A reservation whose answer was lost counts.
      headers: { Retry-After: { $ref: "#/components/headers/RetryAfter" } }
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }

  schemas:
    # Words
    Instant: { type: string, format: date-time, maxLength: 40 }
    OptionalInstant: { type: [string, "null"], format: date-time, maxLength: 40 }
    Name: { type: string, minLength: 1, maxLength: 128 }
    OptionalName: { type: [string, "null"], minLength: 1, maxLength: 128 }
    Channel:
      description: "`voice`, `sms`, `email`, `push`, `mail`, `whatsapp`, or a name of the company's own."
      type: string
      minLength: 1
      maxLength: 64
    Purpose:
      description: "`marketing`, `service`, `collections`, `survey`, `transactional`, or a name of the company's own."
      type: string
      minLength: 1
      maxLength: 64
    Outcome:
      description: |
        `no_answer`, `busy`, `voicemail`, `connected`, `conversation`, `refused`, `complaint`, `opt_out`,
        `wrong_number`, `abandoned`, `sold`, `delivered`, `bounced`, `failed`, or a name that a policy declares; any other
        is refused.
      type: string
      minLength: 1
      maxLength: 64
    Accounts:
      description: The debts or contracts it is about.
      type: [array, "null"]
      maxItems: 16
      items: { $ref: "#/components/schemas/Name" }
    Method: { type: [string, "null"], enum: [live, automated, prerecorded, null] }
    PersonID: { type: string, pattern: "^[0-9a-f]{32}$", description: "Random; says nothing about who it is." }
    ReservationID: { type: string, minLength: 1, maxLength: 128, pattern: "^[A-Za-z0-9_-]+$", description: "Unguessable." }
    Verdict: { type: string, enum: [allow, deny] }
    Nothing: { type: object, additionalProperties: false, maxProperties: 0 }

    Contact:
      description: |
        Who is to be contacted. It names at least one identifier, and that of the channel: `phone` for `voice` and `sms`,
        `email` for `email`. Identifiers become keyed hashes at the door; no clear one is kept.
      type: object
      additionalProperties: false
      anyOf:
        - { required: [phone], properties: { phone: { type: string } } }
        - { required: [email], properties: { email: { type: string } } }
        - { required: [ids], properties: { ids: { type: array, minItems: 1 } } }
      properties:
        phone:
          description: Any common spelling; without `+` it is read as a number of `country`.
          type: [string, "null"]
          minLength: 1
          maxLength: 64
        email: { type: [string, "null"], minLength: 3, maxLength: 320 }
        ids:
          description: "Namespaced keys such as `crm:8841`."
          type: [array, "null"]
          maxItems: 16
          items: { type: string, minLength: 3, maxLength: 192, pattern: "^[a-z][a-z0-9_.-]*:.+$" }
        country: { type: [string, "null"], pattern: "^[A-Za-z]{2}$", description: ISO 3166-1 alpha-2. }
        region: { type: [string, "null"], pattern: "^([A-Za-z]{2}-)?[A-Za-z0-9]{1,3}$", description: "ISO 3166-2, with or without its country." }
        postal_code: { type: [string, "null"], minLength: 1, maxLength: 32 }
        time_zones:
          description: Names of the tz database. They replace the zones that number and address allow, not the jurisdictions.
          type: [array, "null"]
          maxItems: 16
          items: { type: string, minLength: 1, maxLength: 64 }
        party: { type: [string, "null"], enum: [consumer, business, null], description: "Left out, rules for both apply." }
        line_type:
          description: Left out, it is what the numbering plan suggests.
          type: [string, "null"]
          enum: [mobile, fixed, fixed_or_mobile, voip, toll_free, premium, shared_cost, personal, pager, company, voicemail, unknown, null]
        role: { type: [string, "null"], minLength: 1, maxLength: 32, description: "Who she is in the matter: `consumer`, `spouse`, `attorney`, …" }

    Scope:
      description: What a fact is about. Dimensions are ANDed, values of one are ORed; a dimension left out is everything.
      type: [object, "null"]
      additionalProperties: false
      properties:
        channels: { $ref: "#/components/schemas/ScopeNames" }
        purposes: { $ref: "#/components/schemas/ScopeNames" }
        brands: { $ref: "#/components/schemas/ScopeNames" }
        products: { $ref: "#/components/schemas/ScopeNames" }
        families: { $ref: "#/components/schemas/ScopeNames" }
        campaigns: { $ref: "#/components/schemas/ScopeNames" }
        subjects: { $ref: "#/components/schemas/ScopeNames" }
        accounts: { $ref: "#/components/schemas/ScopeNames" }
    ScopeNames:
      type: [array, "null"]
      minItems: 1
      maxItems: 16
      items: { $ref: "#/components/schemas/Name" }

    # Decisions
    DecisionRequest:
      type: object
      additionalProperties: false
      required: [contact, channel, purpose]
      properties:
        contact: { $ref: "#/components/schemas/Contact" }
        channel: { $ref: "#/components/schemas/Channel" }
        purpose: { $ref: "#/components/schemas/Purpose" }
        campaign: { $ref: "#/components/schemas/OptionalName" }
        subject: { $ref: "#/components/schemas/OptionalName" }
        product: { $ref: "#/components/schemas/OptionalName" }
        brand: { $ref: "#/components/schemas/OptionalName" }
        accounts: { $ref: "#/components/schemas/Accounts" }
        method: { $ref: "#/components/schemas/Method" }
        in_reply_to: { type: [string, "null"], minLength: 1, maxLength: 128, description: The `id` of the inbound touch that this answers. }
        exemption:
          description: Helps only where a rule names it; recorded with the touch.
          type: [string, "null"]
          enum: [stop_confirmation, reply_to_inbound, appointment, null]
        reserve: { type: [boolean, "null"], default: true, description: "`false` asks without counting or teaching anything." }
        hold_for: { type: [string, "null"], maxLength: 32, default: PT2M, description: "From `PT1S` to `PT1H`." }
        idempotency_key:
          description: |
            Per caller, for at least 24 hours: a repeat gets the first allow again and counts once; denials are evaluated
            anew.
          type: [string, "null"]
          minLength: 1
          maxLength: 128
        ref: { type: [string, "null"], minLength: 1, maxLength: 256, description: Comes back in the answer. Put nothing personal in it. }
        at: { $ref: "#/components/schemas/OptionalInstant", description: "Another instant to ask for; only with `reserve: false`." }
    BatchRequest:
      type: object
      additionalProperties: false
      required: [requests]
      properties:
        requests:
          type: array
          minItems: 1
          maxItems: 1000
          items: { $ref: "#/components/schemas/DecisionRequest" }
    BatchAnswer:
      type: object
      additionalProperties: false
      required: [decisions]
      properties:
        decisions:
          type: array
          maxItems: 1000
          items:
            description: A problem has a `type`, a decision has not.
            oneOf:
              - { $ref: "#/components/schemas/Decision" }
              - { $ref: "#/components/schemas/Problem" }
    Decision:
      type: object
      additionalProperties: false
      required: [decision_id, verdict, reasons, next_allowed_at, next_basis, reservation, remaining, obligations, shadow, policy_revision, evaluated_at, ref]
      properties:
        decision_id: { type: string, minLength: 1, maxLength: 64 }
        verdict: { $ref: "#/components/schemas/Verdict" }
        reasons:
          description: Every failing rule, most restrictive first; empty exactly when allowed.
          type: array
          items: { $ref: "#/components/schemas/Reason" }
        next_allowed_at:
          description: |
            The earliest instant at which this same request would be allowed if only time passed; `evaluated_at` when
            allowed.
          $ref: "#/components/schemas/OptionalInstant"
        next_basis: { $ref: "#/components/schemas/NextBasis" }
        reservation:
          oneOf:
            - { $ref: "#/components/schemas/Reservation" }
            - { type: "null" }
        remaining:
          type: array
          items: { $ref: "#/components/schemas/Remaining" }
        obligations:
          description: What an allowed caller must do.
          type: array
          items: { $ref: "#/components/schemas/Obligation" }
        shadow:
          description: Failing rules in shadow mode; they decide nothing.
          type: array
          items: { $ref: "#/components/schemas/Reason" }
        policy_revision: { type: string, minLength: 1, maxLength: 64 }
        evaluated_at: { $ref: "#/components/schemas/Instant" }
        ref: { type: [string, "null"], maxLength: 256 }
        identity_conflict:
          description: "Present and `true` when the identifiers lead to several persons: all were checked, nothing was joined."
          type: boolean
        degraded:
          description: "Present and `true` when the store could not answer and a policy lets this purpose pass."
          type: boolean
    NextBasis:
      description: |
        `time`: at `next_allowed_at`. `act`: only an act can change it. `never`: the permitted hours of all candidate zones
        have no instant in common. `horizon`: no permitted hours within 400 days.
      type: string
      enum: [time, act, never, horizon]
    Reason:
      description: One failing rule. What it discloses depends on the caller's role.
      type: object
      additionalProperties: false
      required: [rule, kind, code, message]
      properties:
        rule: { type: [string, "null"], maxLength: 256, description: "`policy/id`; `null` when no rule gave it." }
        kind:
          type: [string, "null"]
          enum: [frequency_cap, min_gap, cool_off, contact_hours, quiet_times, opt_out, consent, holding, registry, block, null]
        code: { $ref: "#/components/schemas/ReasonCode" }
        message: { type: string, maxLength: 1024 }
        because: { type: string, maxLength: 1024, description: The sentence that an agent may read out. }
        cite: { type: string, maxLength: 1024, description: The law or house rule. }
        count: { type: integer, minimum: 0 }
        limit: { type: integer, minimum: 0 }
        until: { $ref: "#/components/schemas/OptionalInstant", description: "When this rule alone would be open again, if time brings it." }
        source: { type: string, maxLength: 1024, description: "`file:line`." }
    ReasonCode:
      type: string
      enum:
        - cap.reached
        - cap.kept
        - guard.attempts
        - guard.share
        - gap.too_short
        - cool_off.active
        - hours.closed
        - hours.zone_unknown
        - hours.calendar_run_out
        - quiet_time.active
        - opt_out.active
        - consent.missing
        - holding.present
        - block.active
        - registry.listed
        - registry.stale
        - registry.not_loaded
        - history.incomplete
        - record.full
        - reservation.gone
        - store.unavailable
    Remaining:
      description: What is left of a cap, after this touch when it was allowed and reserved.
      type: object
      additionalProperties: false
      required: [rule, left]
      properties:
        rule: { type: string, maxLength: 256 }
        left: { type: integer, minimum: 0 }
    Obligation:
      type: object
      additionalProperties: false
      required: [rule, text]
      properties:
        rule: { type: string, maxLength: 256 }
        text: { type: string, maxLength: 1024 }
    Reservation:
      type: object
      additionalProperties: false
      required: [id, expires_at]
      properties:
        id: { $ref: "#/components/schemas/ReservationID" }
        expires_at: { $ref: "#/components/schemas/Instant" }
    StatusRequest:
      description: Bodies are at most 64 KiB.
      type: object
      additionalProperties: false
      required: [contact]
      properties:
        contact: { $ref: "#/components/schemas/Contact" }
        channels:
          description: |
            Left out: `voice` and `sms` when the contact has a phone, `email` when it has an address, and `push`, `mail`,
            `whatsapp`. A channel whose endpoint the contact does not name is refused.
          type: [array, "null"]
          minItems: 1
          maxItems: 16
          items: { $ref: "#/components/schemas/Channel" }
        purposes:
          description: "Left out: `marketing`, `service`, `collections`, `survey`, `transactional`."
          type: [array, "null"]
          minItems: 1
          maxItems: 16
          items: { $ref: "#/components/schemas/Purpose" }
        campaign: { $ref: "#/components/schemas/OptionalName" }
        subject: { $ref: "#/components/schemas/OptionalName" }
        product: { $ref: "#/components/schemas/OptionalName" }
        brand: { $ref: "#/components/schemas/OptionalName" }
        accounts: { $ref: "#/components/schemas/Accounts" }
        method: { $ref: "#/components/schemas/Method" }
        at: { $ref: "#/components/schemas/OptionalInstant" }
    StatusAnswer:
      type: object
      additionalProperties: false
      required: [statuses, policy_revision, evaluated_at]
      properties:
        statuses:
          type: array
          maxItems: 256
          items: { $ref: "#/components/schemas/ChannelStatus" }
        policy_revision: { type: string, minLength: 1, maxLength: 64 }
        evaluated_at: { $ref: "#/components/schemas/Instant" }
        identity_conflict: { type: boolean, description: Present and `true` when the identifiers lead to several persons. }
    ChannelStatus:
      type: object
      additionalProperties: false
      required: [channel, purpose, verdict, reasons, next_allowed_at, next_basis, remaining]
      properties:
        channel: { $ref: "#/components/schemas/Channel" }
        purpose: { $ref: "#/components/schemas/Purpose" }
        verdict: { $ref: "#/components/schemas/Verdict" }
        reasons: { type: array, items: { $ref: "#/components/schemas/Reason" } }
        next_allowed_at: { $ref: "#/components/schemas/OptionalInstant" }
        next_basis: { $ref: "#/components/schemas/NextBasis" }
        remaining: { type: array, items: { $ref: "#/components/schemas/Remaining" } }

    # Reservations
    ReservationState:
      type: object
      additionalProperties: false
      required: [id, state, reserved_at, expires_at, channel, purpose, campaign]
      properties:
        id: { $ref: "#/components/schemas/ReservationID" }
        state: { type: string, enum: [reserved, confirmed, reported, released, revoked, expired] }
        reserved_at: { $ref: "#/components/schemas/Instant" }
        expires_at: { $ref: "#/components/schemas/Instant" }
        channel: { $ref: "#/components/schemas/Channel" }
        purpose: { $ref: "#/components/schemas/Purpose" }
        campaign: { $ref: "#/components/schemas/OptionalName" }
    InboundMessage:
      type: object
      additionalProperties: false
      required: [id, channel, from, text]
      properties:
        id: { type: string, minLength: 1, maxLength: 120, description: "The gateway's own; `in_reply_to` of an answer to it." }
        channel: { type: string, enum: [sms, whatsapp] }
        from: { type: string, minLength: 1, maxLength: 64 }
        to: { type: [string, "null"], minLength: 1, maxLength: 64, description: The company's own number; not kept. }
        country: { type: [string, "null"], minLength: 1, maxLength: 8, description: For a number in national spelling. }
        text: { type: string, minLength: 1, maxLength: 8192 }
        at: { type: [string, "null"], minLength: 1, maxLength: 40 }
        brand: { type: [string, "null"], minLength: 1, maxLength: 128 }
        purpose: { type: [string, "null"], minLength: 1, maxLength: 64, description: Of the inbound contact; left out, service. }
        scope: { $ref: "#/components/schemas/Scope" }
        language:
          type: [string, "null"]
          enum: [en, es, fr, de, it, pt, nl, pl, sv, da, nb, fi, null]
          description: Of the reply; left out, that of the keyword.
    InboundAnswer:
      type: object
      additionalProperties: false
      required: [id, person, status, meaning, keyword, language, revoked, reply]
      properties:
        id: { type: string, maxLength: 120 }
        person: { type: [string, "null"], maxLength: 32 }
        status: { type: string, enum: [recorded, duplicate] }
        meaning: { type: string, enum: [stop, start, help, none] }
        keyword: { type: [string, "null"], maxLength: 64 }
        language: { type: [string, "null"], maxLength: 2 }
        revoked: { type: array, items: { type: string, maxLength: 64 } }
        reply:
          type: [object, "null"]
          additionalProperties: false
          required: [text, exemption, until]
          properties:
            text: { type: string, maxLength: 512 }
            exemption: { type: string, enum: [stop_confirmation, reply_to_inbound] }
            until: { type: [string, "null"], maxLength: 40, description: Not included; the confirmation of a STOP is due before. }
    OneClick:
      type: object
      additionalProperties: false
      required: [List-Unsubscribe]
      properties:
        List-Unsubscribe: { type: string, enum: [One-Click] }
    UnsubscribeLinkRequest:
      type: object
      additionalProperties: false
      required: [contact]
      properties:
        contact: { $ref: "#/components/schemas/Contact" }
        scope: { $ref: "#/components/schemas/Scope" }
        brand: { type: [string, "null"], minLength: 1, maxLength: 128 }
        reach: { type: [string, "null"], enum: [person, endpoint, null] }
    UnsubscribeLinkRequests:
      type: object
      additionalProperties: false
      required: [items]
      properties:
        items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/UnsubscribeLinkRequest" } }
    UnsubscribeLink:
      type: object
      additionalProperties: false
      required: [url, token, headers, expires_at]
      properties:
        url: { type: string, maxLength: 8192 }
        token: { type: string, maxLength: 4096 }
        headers:
          type: object
          description: Header fields for the message; both belong into its DKIM signature.
          additionalProperties: false
          required: [List-Unsubscribe, List-Unsubscribe-Post]
          properties:
            List-Unsubscribe: { type: string, maxLength: 8192 }
            List-Unsubscribe-Post: { type: string, enum: [List-Unsubscribe=One-Click] }
        expires_at: { type: "null", description: It works for good. }
    UnsubscribeLinkAnswers:
      type: object
      additionalProperties: false
      required: [answers]
      properties:
        answers:
          type: array
          items:
            anyOf: [{ $ref: "#/components/schemas/UnsubscribeLink" }, { $ref: "#/components/schemas/Problem" }]
    PreferenceLinkRequest:
      type: object
      additionalProperties: false
      required: [contact]
      properties:
        contact: { $ref: "#/components/schemas/Contact" }
        brand: { type: [string, "null"], minLength: 1, maxLength: 128 }
        expires_in:
          type: [string, "null"]
          minLength: 1
          maxLength: 40
          description: An ISO 8601 duration from PT1M to P400D; left out, P30D.
    PreferenceLinkRequests:
      type: object
      additionalProperties: false
      required: [items]
      properties:
        items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/PreferenceLinkRequest" } }
    PreferenceLink:
      type: object
      additionalProperties: false
      required: [url, token, expires_at]
      properties:
        url: { type: string, maxLength: 8192 }
        token: { type: string, maxLength: 4096 }
        expires_at: { type: string, format: date-time, maxLength: 40 }
    PreferenceLinkAnswers:
      type: object
      additionalProperties: false
      required: [answers]
      properties:
        answers:
          type: array
          items:
            anyOf: [{ $ref: "#/components/schemas/PreferenceLink" }, { $ref: "#/components/schemas/Problem" }]
    Revocation:
      type: object
      description: The data of a `revoked` event of `GET /v1/stream`.
      additionalProperties: false
      required: [cause, at, reservations]
      properties:
        cause: { type: string, enum: [opt_out, withdrawal, holding, event, erasure, link] }
        at: { type: string, format: date-time, maxLength: 40, description: When it was put on record. }
        reservations:
          type: array
          maxItems: 256
          items:
            type: object
            additionalProperties: false
            required: [id, ref, agency, channel, purpose, campaign]
            properties:
              id: { type: string, maxLength: 64 }
              ref:
                type: [string, "null"]
                maxLength: 256
                description: The caller's own reference, when the node that tells it is the one that gave the reservation.
              agency: { type: [string, "null"], maxLength: 128 }
              channel: { type: string, maxLength: 128 }
              purpose: { type: string, maxLength: 128 }
              campaign: { type: [string, "null"], maxLength: 128 }
    ReservationPage:
      type: object
      additionalProperties: false
      required: [reservations, next]
      properties:
        reservations:
          type: array
          maxItems: 1000
          items: { $ref: "#/components/schemas/ReservationState" }
        next: { type: [string, "null"], maxLength: 128, description: "`null` on the last page." }
    OutcomeReport:
      type: object
      additionalProperties: false
      required: [outcome]
      properties:
        id: { type: [string, "null"], minLength: 1, maxLength: 128, description: The report's own id; a repeat of it changes nothing. }
        outcome: { $ref: "#/components/schemas/Outcome" }
        at: { $ref: "#/components/schemas/OptionalInstant", description: "When it happened; left out, now." }
        accounts: { $ref: "#/components/schemas/Accounts" }
        correction: { type: [boolean, "null"], default: false, description: Overrides whatever was reported before. }
    OutcomeAnswer:
      type: object
      additionalProperties: false
      required: [reservation, status, outcome, at, recorded_at, overrun]
      properties:
        reservation: { $ref: "#/components/schemas/ReservationID" }
        status:
          description: "`superseded`: a later outcome, or a correction, already stands; `outcome` and `at` are its."
          type: string
          enum: [recorded, duplicate, superseded]
        outcome: { $ref: "#/components/schemas/Outcome" }
        at: { $ref: "#/components/schemas/Instant" }
        recorded_at: { $ref: "#/components/schemas/Instant" }
        overrun: { $ref: "#/components/schemas/Overruns" }
    Overruns:
      description: Caps that this truth, late as it came, shows passed.
      type: array
      items:
        type: object
        additionalProperties: false
        required: [rule, count, limit]
        properties:
          rule: { type: string, maxLength: 256 }
          count: { type: integer, minimum: 0 }
          limit: { type: integer, minimum: 0 }

    # Facts: each schema is one object, or `{"items": […]}` with up to 1,000 of them.
    FactID: { type: string, minLength: 1, maxLength: 128, description: "The caller's own; a repeat of the same fact changes nothing." }
    Reach: { type: [string, "null"], enum: [person, endpoint, null], default: person, description: The addresses that are named are always bound. }
    Source: { type: [string, "null"], minLength: 1, maxLength: 64, description: "Where it was said: `agent`, `ivr`, `web`, …" }
    Evidence: { type: [string, "null"], minLength: 1, maxLength: 1024, description: Where the proof lies. Put nothing personal in it. }
    FactTime:
      description: |
        When it happened; left out, now. More than 5 minutes ahead is refused, except for holdings and appointments.
      type: [string, "null"]
      format: date-time
      maxLength: 40

    OptOut:
      type: object
      additionalProperties: false
      required: [id, contact]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        reach: { $ref: "#/components/schemas/Reach" }
    OptOuts: { oneOf: [{ $ref: "#/components/schemas/OptOut" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/OptOut" } } } }] }

    OptIn:
      type: object
      additionalProperties: false
      required: [id, contact, evidence]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { type: string, minLength: 1, maxLength: 1024 }
        reach: { $ref: "#/components/schemas/Reach" }
    OptIns: { oneOf: [{ $ref: "#/components/schemas/OptIn" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/OptIn" } } } }] }

    Consent:
      type: object
      additionalProperties: false
      required: [id, contact, name]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        name: { type: string, minLength: 1, maxLength: 64, description: "`written`, `express`, `implied`, …" }
        until: { $ref: "#/components/schemas/OptionalInstant" }
    Consents: { oneOf: [{ $ref: "#/components/schemas/Consent" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Consent" } } } }] }

    Withdrawal:
      type: object
      additionalProperties: false
      required: [id, contact]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        name: { type: [string, "null"], minLength: 1, maxLength: 64, description: "Left out: every consent." }
    Withdrawals: { oneOf: [{ $ref: "#/components/schemas/Withdrawal" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Withdrawal" } } } }] }

    HoldingStatus: { type: string, enum: [active, grace, lapsed, cancelled, pending, quote] }
    Holding:
      type: object
      additionalProperties: false
      required: [id, contact, product, status]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        product: { $ref: "#/components/schemas/Name" }
        family: { $ref: "#/components/schemas/OptionalName", description: "Left out: the one that a policy declares for the product." }
        status: { $ref: "#/components/schemas/HoldingStatus" }
        from: { $ref: "#/components/schemas/OptionalInstant" }
        to: { $ref: "#/components/schemas/OptionalInstant", description: "Past it: in grace until `grace_until`, then lapsed." }
        grace_until: { $ref: "#/components/schemas/OptionalInstant" }
    Holdings: { oneOf: [{ $ref: "#/components/schemas/Holding" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Holding" } } } }] }

    Touch:
      type: object
      additionalProperties: false
      required: [id, contact, channel, purpose]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        direction: { type: [string, "null"], enum: [outbound, inbound, null], default: outbound }
        channel: { $ref: "#/components/schemas/Channel" }
        purpose: { $ref: "#/components/schemas/Purpose" }
        campaign: { $ref: "#/components/schemas/OptionalName" }
        subject: { $ref: "#/components/schemas/OptionalName" }
        product: { $ref: "#/components/schemas/OptionalName" }
        brand: { $ref: "#/components/schemas/OptionalName" }
        agency: { $ref: "#/components/schemas/OptionalName", description: "Left out: the key's. Another's only with the roles `compliance` and `admin`." }
        accounts: { $ref: "#/components/schemas/Accounts" }
        method: { $ref: "#/components/schemas/Method" }
        outcome: { type: [string, "null"], minLength: 1, maxLength: 64, description: "As `Outcome`; an outcome's time is `outcome_at`." }
        outcome_at: { $ref: "#/components/schemas/OptionalInstant", description: "Left out: `at`." }
    Touches: { oneOf: [{ $ref: "#/components/schemas/Touch" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Touch" } } } }] }

    Event:
      type: object
      additionalProperties: false
      required: [id, contact, event]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact" }
        at: { $ref: "#/components/schemas/FactTime" }
        scope: { $ref: "#/components/schemas/Scope" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        event:
          description: |
            An outcome, `refusal`, `purchase`, `inquiry`, `reassigned`, `attorney`, `deceased`, `appointment` (needs `from`
            and `to`, takes no `hours`), `quiet_time` (needs `hours`, takes no `from` and `to`), or a name that a policy
            declares; any other is refused.
          type: string
          minLength: 1
          maxLength: 64
        from: { $ref: "#/components/schemas/OptionalInstant" }
        to: { $ref: "#/components/schemas/OptionalInstant" }
        hours: { $ref: "#/components/schemas/Hours" }
        until: { $ref: "#/components/schemas/OptionalInstant", description: "When a quiet time ends for good; left out, never." }
      allOf:
        - if: { required: [event], properties: { event: { const: appointment } } }
          then: { required: [from, to] }
        - if: { required: [event], properties: { event: { const: quiet_time } } }
          then: { required: [hours] }
    Events: { oneOf: [{ $ref: "#/components/schemas/Event" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Event" } } } }] }
    Hours:
      description: |
        Hours of the week by the person's wall clock, `[start, end)`, up to `24:00`. A named day beats `weekdays` and
        `weekend`, which beat `daily`; a day that nothing names has none.
      type: [object, "null"]
      additionalProperties: false
      minProperties: 1
      properties:
        daily: { $ref: "#/components/schemas/Spans" }
        weekdays: { $ref: "#/components/schemas/Spans" }
        weekend: { $ref: "#/components/schemas/Spans" }
        mon: { $ref: "#/components/schemas/Spans" }
        tue: { $ref: "#/components/schemas/Spans" }
        wed: { $ref: "#/components/schemas/Spans" }
        thu: { $ref: "#/components/schemas/Spans" }
        fri: { $ref: "#/components/schemas/Spans" }
        sat: { $ref: "#/components/schemas/Spans" }
        sun: { $ref: "#/components/schemas/Spans" }
    Spans:
      type: array
      maxItems: 8
      items: { type: string, pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" }

    Link:
      type: object
      additionalProperties: false
      required: [id, contact]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact", description: At least two identifiers. }
        at: { $ref: "#/components/schemas/FactTime" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
    Links: { oneOf: [{ $ref: "#/components/schemas/Link" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/Link" } } } }] }

    IdentifierNote:
      type: object
      additionalProperties: false
      required: [id, contact]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        contact: { $ref: "#/components/schemas/Contact", description: Exactly one identifier. }
        at: { $ref: "#/components/schemas/FactTime" }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
        shared: { type: [boolean, "null"], description: "Several people use it. Left out: as it was." }
        household: { type: [boolean, "null"], description: "It stands for a household. Left out: as it was." }
        labels:
          description: "Replace those it had. Left out: as they were."
          type: [array, "null"]
          maxItems: 16
          items: { type: string, minLength: 1, maxLength: 64 }
    IdentifierNotes: { oneOf: [{ $ref: "#/components/schemas/IdentifierNote" }, { type: object, additionalProperties: false, required: [items], properties: { items: { type: array, minItems: 1, maxItems: 1000, items: { $ref: "#/components/schemas/IdentifierNote" } } } }] }

    FactAnswer:
      type: object
      additionalProperties: false
      required: [id, person, status, recorded_at, revoked, overrun]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        person: { $ref: "#/components/schemas/PersonID" }
        status: { type: string, enum: [recorded, duplicate], description: "`duplicate`: the same `id` was told before, or a link or a note about an identifier said nothing new." }
        recorded_at: { $ref: "#/components/schemas/Instant", description: "Of the first time, when a duplicate." }
        revoked:
          description: Open reservations that this fact has just freed; those of other callers too.
          type: array
          maxItems: 1000
          items: { $ref: "#/components/schemas/ReservationID" }
        overrun: { $ref: "#/components/schemas/Overruns" }
        link: { type: string, enum: [linked, already_linked, conflict], description: "With `POST /v1/links`: what became of the identifiers." }
        why: { type: array, description: "With `link: conflict`: why some of them are not joined.", items: { $ref: "#/components/schemas/WhyNotLinked" } }
        identity_conflict: { type: boolean, description: "Present and `true` when the identifiers lead to several persons: it was recorded for each, nothing was joined." }
        persons:
          description: With `identity_conflict`, all of them; `person` is the first.
          type: array
          minItems: 2
          maxItems: 16
          items: { $ref: "#/components/schemas/PersonID" }
    FactAnswers:
      type: object
      additionalProperties: false
      required: [answers]
      properties:
        answers:
          type: array
          maxItems: 1000
          items:
            description: A problem has a `type`, an answer has not.
            oneOf:
              - { $ref: "#/components/schemas/FactAnswer" }
              - { $ref: "#/components/schemas/Problem" }

    # People
    LookupRequest:
      type: object
      additionalProperties: false
      required: [contact]
      properties:
        contact: { $ref: "#/components/schemas/Contact" }
    LookupAnswer:
      type: object
      additionalProperties: false
      required: [people, identity_conflict]
      properties:
        people: { type: array, maxItems: 16, items: { $ref: "#/components/schemas/Person" } }
        identity_conflict: { type: boolean }
    Person:
      type: object
      additionalProperties: false
      required: [id, created_at, history_from, erased_at, identifiers, touches, facts, merged_with, merges]
      properties:
        id: { $ref: "#/components/schemas/PersonID" }
        created_at: { $ref: "#/components/schemas/Instant" }
        history_from: { $ref: "#/components/schemas/OptionalInstant", description: "Touches before it may have left the record; `null` while none has." }
        erased_at: { $ref: "#/components/schemas/OptionalInstant", description: "Nothing that was written down up to here is kept but refusals; `null` while never erased." }
        identifiers: { type: array, items: { $ref: "#/components/schemas/KnownIdentifier" } }
        touches: { type: array, maxItems: 1000, description: Newest first., items: { $ref: "#/components/schemas/KnownTouch" } }
        facts: { type: array, maxItems: 2000, description: Newest first., items: { $ref: "#/components/schemas/KnownFact" } }
        merged_with: { type: array, maxItems: 7, description: The other records that are the same person by merges in force., items: { $ref: "#/components/schemas/PersonID" } }
        merges: { type: array, maxItems: 32, description: "Newest first, those undone included.", items: { $ref: "#/components/schemas/KnownMerge" } }
    ErasureAnswer:
      type: object
      additionalProperties: false
      required: [id, erased_at, repeated, persons, erased, kept, reservations_revoked, ledger, ledger_records, summary]
      properties:
        id: { $ref: "#/components/schemas/PersonID" }
        erased_at: { $ref: "#/components/schemas/Instant" }
        repeated: { type: boolean, description: Nothing was there any more that an erasure before had not left. }
        persons: { type: array, minItems: 1, maxItems: 8, description: Every record that stood for the person., items: { $ref: "#/components/schemas/PersonID" } }
        erased:
          type: object
          additionalProperties: false
          required: [identifiers, touches, facts, merges]
          properties:
            identifiers: { type: integer, minimum: 0 }
            touches: { type: integer, minimum: 0 }
            facts: { type: integer, minimum: 0 }
            merges: { type: integer, minimum: 0 }
        kept: { type: array, maxItems: 8, description: What goes on forbidding., items: { $ref: "#/components/schemas/Person" } }
        reservations_revoked: { type: integer, minimum: 0 }
        ledger: { type: string, enum: [done, working], description: Of this node. }
        ledger_records: { type: [integer, "null"], minimum: 0, description: "Records whose contents went now; `null` while still at work." }
        summary: { type: string, maxLength: 1000, description: "The same as a sentence, to confirm it with." }
    KnownMerge:
      type: object
      additionalProperties: false
      required: [merge, persons, at, by, source, undone_at, undone_by]
      properties:
        merge: { $ref: "#/components/schemas/MergeName" }
        persons: { type: array, minItems: 2, maxItems: 8, items: { $ref: "#/components/schemas/PersonID" } }
        at: { $ref: "#/components/schemas/Instant" }
        by: { type: [string, "null"], maxLength: 128, description: The key of whoever decided it. }
        source: { $ref: "#/components/schemas/Source" }
        undone_at: { $ref: "#/components/schemas/OptionalInstant" }
        undone_by: { type: [string, "null"], maxLength: 128 }
    MergeName: { type: string, pattern: "^[0-9a-f]{48}$" }
    MergeRequest:
      type: object
      additionalProperties: false
      required: [id, persons]
      properties:
        id: { $ref: "#/components/schemas/FactID" }
        persons: { type: array, minItems: 2, maxItems: 8, items: { $ref: "#/components/schemas/PersonID" } }
        source: { $ref: "#/components/schemas/Source" }
        evidence: { $ref: "#/components/schemas/Evidence" }
    MergeAnswer:
      type: object
      additionalProperties: false
      required: [id, status, merge, persons, recorded_at]
      properties:
        id: { type: [string, "null"], maxLength: 128, description: As the request gave it. }
        status: { type: string, enum: [merged, already, undone] }
        merge: { type: [string, "null"], pattern: "^[0-9a-f]{48}$", description: "`null` when they were one person already by other merges." }
        persons: { type: array, minItems: 1, maxItems: 8, items: { $ref: "#/components/schemas/PersonID" } }
        recorded_at: { $ref: "#/components/schemas/Instant" }
    ApartRequest:
      type: object
      additionalProperties: false
      required: [persons]
      properties:
        persons: { type: array, minItems: 2, maxItems: 8, items: { $ref: "#/components/schemas/PersonID" } }
    ApartAnswer:
      type: object
      additionalProperties: false
      required: [persons]
      properties:
        persons: { type: array, maxItems: 8, items: { $ref: "#/components/schemas/PersonID" } }
    ImportJob:
      type: object
      additionalProperties: false
      required:
        [id, kind, state, detail, by, rows, recorded, repeated, refused, bytes, bytes_done, rows_per_second, seconds_left,
          restarts, created_at, started_at, ended_at, forgotten_at]
      properties:
        id: { type: string, pattern: "^job_[0-9a-f]{32}$" }
        kind: { type: string, enum: [people, holdings, opt-outs, opt-ins, consents, withdrawals, touches, events] }
        state:
          type: string
          enum: [receiving, running, done, failed, cancelled]
          description: "`receiving`: the list is still coming in."
        detail: { type: [string, "null"], maxLength: 1024, description: "Why it failed, or what a cancel left." }
        by: { type: string, maxLength: 128, description: "The key that posted it; the ledger names it for every row." }
        rows: { type: integer, minimum: 0, description: "Read so far, the header not counted." }
        recorded: { type: integer, minimum: 0 }
        repeated: { type: integer, minimum: 0, description: Facts whose id was on record. }
        refused: { type: integer, minimum: 0 }
        bytes: { type: integer, minimum: 0, description: "Of the list; 0 while it is coming in." }
        bytes_done: { type: integer, minimum: 0 }
        rows_per_second: { type: [integer, "null"], minimum: 0 }
        seconds_left: { type: [integer, "null"], minimum: 0, description: "An estimate; `null` when it does not run, or has hardly begun." }
        restarts: { type: integer, minimum: 0, description: "How often the server was started again while it ran." }
        created_at: { $ref: "#/components/schemas/Instant" }
        started_at: { $ref: "#/components/schemas/OptionalInstant" }
        ended_at: { $ref: "#/components/schemas/OptionalInstant" }
        forgotten_at: { $ref: "#/components/schemas/OptionalInstant" }
    ImportJobs:
      type: object
      additionalProperties: false
      required: [jobs]
      properties:
        jobs: { type: array, maxItems: 1004, items: { $ref: "#/components/schemas/ImportJob" } }
    ScrubJob:
      type: object
      additionalProperties: false
      required:
        [id, format, parameters, state, detail, by, rows, bytes, bytes_done, rows_per_second, seconds_left, restarts,
          created_at, started_at, ended_at, forgotten_at, summary]
      properties:
        id: { type: string, pattern: "^job_[0-9a-f]{32}$" }
        format: { type: string, enum: [text/csv, application/x-ndjson] }
        parameters:
          type: object
          additionalProperties: false
          description: As they were posted.
          properties:
            channel: { type: string, maxLength: 1024 }
            purpose: { type: string, maxLength: 1024 }
            campaign: { type: string, maxLength: 1024 }
            subject: { type: string, maxLength: 1024 }
            product: { type: string, maxLength: 1024 }
            brand: { type: string, maxLength: 1024 }
            accounts: { type: string, maxLength: 1024 }
            method: { type: string, maxLength: 1024 }
            at: { type: string, maxLength: 1024 }
            country: { type: string, maxLength: 1024 }
            region: { type: string, maxLength: 1024 }
            party: { type: string, maxLength: 1024 }
            line_type: { type: string, maxLength: 1024 }
            role: { type: string, maxLength: 1024 }
        state:
          type: string
          enum: [receiving, running, done, failed, cancelled]
          description: "`receiving`: the list is still coming in."
        detail: { type: [string, "null"], maxLength: 1024, description: "Why it failed, or what a cancel left." }
        by: { type: string, maxLength: 128, description: "The key that posted it; the ledger names it for every row." }
        rows: { type: integer, minimum: 0, description: "Read so far, the header not counted." }
        bytes: { type: integer, minimum: 0, description: "Of the list; 0 while it is coming in." }
        bytes_done: { type: integer, minimum: 0 }
        rows_per_second: { type: [integer, "null"], minimum: 0 }
        seconds_left: { type: [integer, "null"], minimum: 0, description: "An estimate; `null` when it does not run, or has hardly begun." }
        restarts: { type: integer, minimum: 0, description: "How often the server was started again while it ran." }
        created_at: { $ref: "#/components/schemas/Instant" }
        started_at: { $ref: "#/components/schemas/OptionalInstant" }
        ended_at: { $ref: "#/components/schemas/OptionalInstant" }
        forgotten_at: { $ref: "#/components/schemas/OptionalInstant" }
        summary:
          description: Once it is done, as the last line of `/v1/scrub`.
          anyOf:
            - $ref: "#/components/schemas/ScrubSummary"
            - type: "null"
    ScrubJobs:
      type: object
      additionalProperties: false
      required: [jobs]
      properties:
        jobs: { type: array, maxItems: 1004, items: { $ref: "#/components/schemas/ScrubJob" } }
    ScrubSummary:
      type: object
      additionalProperties: false
      required: [rows, allow, deny, duplicate, invalid, denials, faults, next, policy_revision, evaluated_from, evaluated_to]
      properties:
        rows: { type: integer, minimum: 0 }
        allow: { type: integer, minimum: 0 }
        deny: { type: integer, minimum: 0 }
        duplicate: { type: integer, minimum: 0 }
        invalid: { type: integer, minimum: 0 }
        denials: { $ref: "#/components/schemas/ScrubReasons" }
        faults: { $ref: "#/components/schemas/ScrubReasons" }
        next:
          type: object
          additionalProperties: false
          description: When denied rows may be contacted.
          properties:
            within_an_hour: { type: integer, minimum: 0 }
            within_a_day: { type: integer, minimum: 0 }
            within_a_week: { type: integer, minimum: 0 }
            within_a_month: { type: integer, minimum: 0 }
            later: { type: integer, minimum: 0 }
            not_by_waiting: { type: integer, minimum: 0 }
        policy_revision: { type: string, maxLength: 128 }
        evaluated_from: { $ref: "#/components/schemas/OptionalInstant" }
        evaluated_to: { $ref: "#/components/schemas/OptionalInstant" }
    ScrubReasons:
      type: array
      description: Most rows first.
      items:
        type: object
        additionalProperties: false
        required: [reason, rows, example]
        properties:
          reason: { type: string, maxLength: 256, description: "A rule, or a code where no rule stands behind it." }
          rows: { type: integer, minimum: 1 }
          example: { type: string, maxLength: 2048, description: The sentence of one such row. }
    Registries:
      type: object
      additionalProperties: false
      required: [registries]
      properties:
        registries: { type: array, maxItems: 1024, items: { $ref: "#/components/schemas/Registry" } }
    Registry:
      type: object
      additionalProperties: false
      required: [registry, state, stale_at, snapshot, rules]
      properties:
        registry: { type: string, maxLength: 128 }
        state:
          type: string
          enum: [fresh, stale, missing]
          description: "`stale` and `missing`: rules that ask it deny."
        stale_at:
          description: From when on some rule finds it too old; `null` when none ever does. Counted in UTC.
          anyOf: [{ $ref: "#/components/schemas/OptionalInstant" }]
        snapshot:
          anyOf:
            - $ref: "#/components/schemas/RegistrySnapshot"
            - type: "null"
        rules:
          type: array
          description: The rules that ask it.
          items:
            type: object
            additionalProperties: false
            required: [rule, stale_at]
            properties:
              rule: { type: string, maxLength: 256 }
              stale_at: { $ref: "#/components/schemas/OptionalInstant" }
    RegistrySnapshot:
      type: object
      additionalProperties: false
      required: [version, sequence, as_of, built_at, age_seconds, numbers, added, removed, has_dates, bytes]
      properties:
        version: { type: string, maxLength: 64, description: The beginning of the hash of its contents. }
        sequence: { type: integer, minimum: 1, description: Counts the versions of one list. }
        as_of: { $ref: "#/components/schemas/Instant" }
        built_at: { $ref: "#/components/schemas/Instant" }
        age_seconds: { type: integer }
        numbers: { type: integer, minimum: 0 }
        added: { type: integer, minimum: 0, description: Against the version before. }
        removed: { type: integer, minimum: 0 }
        has_dates: { type: boolean, description: It tells since when a number is listed. }
        bytes: { type: integer, minimum: 0 }
    ConflictsAnswer:
      type: object
      additionalProperties: false
      required: [conflicts, next]
      properties:
        conflicts: { type: array, maxItems: 1000, items: { $ref: "#/components/schemas/WaitingConflict" } }
        next: { type: [string, "null"], maxLength: 20, description: "Go on with it as `after`; `null` at the end." }
    WaitingConflict:
      type: object
      additionalProperties: false
      required: [persons, why, first_at, last_at, count]
      properties:
        persons:
          type: array
          minItems: 2
          maxItems: 20
          items:
            type: object
            additionalProperties: false
            required: [id, phones, emails, keys]
            properties:
              id: { $ref: "#/components/schemas/PersonID" }
              phones: { type: integer, minimum: 0 }
              emails: { type: integer, minimum: 0 }
              keys: { type: integer, minimum: 0 }
        why: { type: array, items: { $ref: "#/components/schemas/WhyNotLinked" } }
        first_at: { $ref: "#/components/schemas/Instant" }
        last_at: { $ref: "#/components/schemas/Instant" }
        count: { type: integer, minimum: 1, description: How often a contact named them together. }
    WhyNotLinked: { type: string, enum: [different_persons, shared, placeholder, unique_namespace, too_many] }
    KnownIdentifier:
      type: object
      additionalProperties: false
      required: [kind, hash, namespace, shared, household, line_type, jurisdictions, time_zones, labels, source, added_at]
      properties:
        kind: { type: string, enum: [phone, email, key] }
        hash: { type: string, pattern: "^[0-9a-f]{8}$", description: The first 8 digits of its keyed hash. }
        namespace: { type: [string, "null"], maxLength: 64 }
        shared: { type: boolean }
        household: { type: boolean }
        line_type: { type: string, maxLength: 32 }
        jurisdictions: { type: array, items: { type: string, maxLength: 6 } }
        time_zones: { type: array, items: { type: string, maxLength: 64 } }
        labels: { type: array, items: { type: string, maxLength: 64 } }
        source: { $ref: "#/components/schemas/Source", description: "Of the link or note that it is known from; `null` when it came with a request." }
        added_at: { $ref: "#/components/schemas/Instant" }
    KnownTouch:
      type: object
      additionalProperties: false
      required: [at, recorded_at, state, direction, channel, purpose, campaign, subject, product, brand, agency, accounts, method, endpoint, outcome, outcome_at, corrected, source, borrowed]
      properties:
        at: { $ref: "#/components/schemas/Instant" }
        recorded_at: { $ref: "#/components/schemas/Instant" }
        state: { type: string, enum: [reserved, confirmed, reported, released, revoked, expired, external] }
        direction: { type: string, enum: [outbound, inbound] }
        channel: { $ref: "#/components/schemas/Channel" }
        purpose: { $ref: "#/components/schemas/Purpose" }
        campaign: { $ref: "#/components/schemas/OptionalName" }
        subject: { $ref: "#/components/schemas/OptionalName" }
        product: { $ref: "#/components/schemas/OptionalName" }
        brand: { $ref: "#/components/schemas/OptionalName" }
        agency: { $ref: "#/components/schemas/OptionalName", description: "`null` for an agent, unless it is the agent's own." }
        accounts: { type: array, maxItems: 16, items: { $ref: "#/components/schemas/Name" } }
        method: { $ref: "#/components/schemas/Method" }
        endpoint: { type: [string, "null"], pattern: "^[0-9a-f]{8}$", description: "As `hash` of an identifier." }
        outcome: { type: [string, "null"], maxLength: 64 }
        outcome_at: { $ref: "#/components/schemas/OptionalInstant" }
        corrected: { type: boolean }
        source: { $ref: "#/components/schemas/Source", description: "Of a touch that was made elsewhere; `null` for another agency's, unless the reader may see everything." }
        borrowed: { type: boolean, description: "Made with another record of the same person, while a merge joined them." }
    KnownFact:
      description: "`kind` says which of the members behind `source` are present."
      type: object
      additionalProperties: false
      required: [kind, at, received_at, scope, source, borrowed]
      properties:
        kind: { type: string, enum: [opt_out, opt_in, consent, withdrawal, holding, event, appointment, quiet_time] }
        at: { $ref: "#/components/schemas/Instant" }
        received_at: { $ref: "#/components/schemas/Instant" }
        scope: { $ref: "#/components/schemas/Scope", description: "Only the dimensions that are limited." }
        source: { $ref: "#/components/schemas/Source" }
        borrowed: { type: boolean, description: "Told of another record of the same person, while a merge joined them." }
        reach: { type: string, enum: [person, endpoint] }
        endpoints: { type: array, maxItems: 18, items: { type: string, pattern: "^[0-9a-f]{8}$" } }
        name: { type: [string, "null"], maxLength: 64, description: "Of a consent, withdrawal or event." }
        product: { $ref: "#/components/schemas/Name" }
        family: { $ref: "#/components/schemas/OptionalName" }
        status: { $ref: "#/components/schemas/HoldingStatus" }
        from: { $ref: "#/components/schemas/OptionalInstant" }
        to: { $ref: "#/components/schemas/OptionalInstant" }
        grace_until: { $ref: "#/components/schemas/OptionalInstant" }
        hours: { $ref: "#/components/schemas/Hours" }
        until: { $ref: "#/components/schemas/OptionalInstant" }

    # Service
    Health:
      type: object
      additionalProperties: false
      required: [status, version]
      properties:
        status: { type: string, enum: [ok] }
        version: { type: string, maxLength: 64 }
    Readiness:
      type: object
      additionalProperties: false
      required: [status, checks, policy]
      properties:
        status: { type: string, enum: [ready, not_ready] }
        checks:
          type: array
          items:
            type: object
            additionalProperties: false
            required: [name, ok, detail]
            properties:
              name: { type: string, maxLength: 64 }
              ok: { type: boolean }
              detail: { type: [string, "null"], maxLength: 1024 }
        policy:
          description: "`null` while none is loaded."
          type: [object, "null"]
          additionalProperties: false
          required: [revision, activated_at, rules, rejected]
          properties:
            revision: { type: string, maxLength: 64 }
            activated_at: { $ref: "#/components/schemas/Instant" }
            rules: { type: integer, minimum: 0 }
            rejected:
              description: "Files that could not be loaded since: the policies before them stay in force."
              type: [object, "null"]
              additionalProperties: false
              required: [at, errors]
              properties:
                at: { $ref: "#/components/schemas/Instant" }
                errors: { type: array, maxItems: 20, items: { type: string, maxLength: 1024 }, description: "`file:line:column: error[code]: …`" }

    PolicyFile:
      type: object
      additionalProperties: false
      required: [name, digest, bytes]
      properties:
        name: { type: string, maxLength: 4096, description: "As the node was told: reasons name it." }
        digest: { type: string, maxLength: 64, description: "SHA-256 of the text." }
        bytes: { type: integer, minimum: 0 }

    Policies:
      type: object
      additionalProperties: false
      required: [node, current, kept]
      properties:
        node: { type: string, maxLength: 256, description: The name of the machine that answers. }
        current:
          type: object
          additionalProperties: false
          required: [revision, activated_at, rules, stale, files]
          properties:
            revision: { type: string, maxLength: 64 }
            activated_at: { $ref: "#/components/schemas/Instant" }
            rules: { type: integer, minimum: 0 }
            stale: { type: boolean, description: The files on disk have changed and are broken; these stay in force. }
            files:
              type: array
              items: { $ref: "#/components/schemas/PolicyFile" }
        kept:
          type: array
          maxItems: 1000
          items:
            type: object
            additionalProperties: false
            required: [revision, rules, first_activated_at, last_activated_at, files]
            properties:
              revision: { type: string, maxLength: 64 }
              rules: { type: integer, minimum: 0 }
              first_activated_at: { $ref: "#/components/schemas/Instant" }
              last_activated_at: { $ref: "#/components/schemas/Instant" }
              files:
                type: array
                items: { $ref: "#/components/schemas/PolicyFile" }

    PolicyTexts:
      type: object
      additionalProperties: false
      required: [revision, files]
      properties:
        revision: { type: string, maxLength: 64 }
        files:
          type: array
          items:
            type: object
            additionalProperties: false
            required: [name, digest, text]
            properties:
              name: { type: string, maxLength: 4096 }
              digest: { type: string, maxLength: 64 }
              text: { type: string, maxLength: 16777216 }

    Problem:
      description: "RFC 9457. `code` is part of the API and stays; sentences may improve."
      type: object
      additionalProperties: false
      required: [type, title, status, code, detail]
      properties:
        type: { type: string, format: uri-reference, maxLength: 256, description: "`/problems/` and the code." }
        title: { type: string, maxLength: 256 }
        status: { type: integer, minimum: 400, maximum: 599 }
        code: { type: string, pattern: "^[a-z_]+(\\.[a-z_]+)*$", maxLength: 64 }
        detail: { type: string, maxLength: 1024, description: What is wrong and what to do. }
        verdict: { type: string, enum: [deny], description: Present where a decision was asked for and could not be made. }
        errors:
          type: array
          maxItems: 16
          items:
            type: object
            additionalProperties: false
            required: [path, code, detail]
            properties:
              path: { type: string, maxLength: 512, description: "A JSON path into the request: `$.contact.phone`." }
              code: { type: string, maxLength: 64 }
              detail: { type: string, maxLength: 1024 }

"""##
