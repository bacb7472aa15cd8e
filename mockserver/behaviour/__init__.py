"""What a document's operations do beyond answering: things that are made, found, listed, changed, and deleted.

What an operation does is said in the terms of `x-mock`. Most of it is inferred from paths and methods; an overlay adds
to that, or says otherwise: what it states of an operation or a collection goes before what is inferred.

**Inferred** (`inference`). A collection stands at a path (`/users/{uid}/posts`), its things one step below; two of
create, list, read, and change make a collection.

| operation | what it does |
|---|---|
| `POST /things` | create; several of a list |
| `GET /things`, `GET /things/search` with the same schema | list: filtered, sorted and paged by names |
| `GET /things/{id}` | read |
| `PUT /things/{id}`, `PUT /things` with the id in its body | replace; make where no POST does |
| `PATCH`, `POST /things/{id}` | put members in; a merge patch or a JSON patch by its media type |
| `DELETE /things/{id}` | delete, with all that is below |
| `GET`, `PUT`, `PATCH`, `DELETE /things/{id}/settings` | the same for what there is one of |
| any other below `/things/{id}` | answered from the document while the thing is there |

The id is the member that a link names, or one that is called like the path's parameter (`petId`: `id`). A thing that
nobody made is there until it is deleted, the same each time (setting `unknown`: "made"), or is not there ("refused").
`x-mock-state: false` on the document, a path or an operation leaves it to the examples; so does `--stateless` for all.

**An operation's `x-mock`** has one of these, with the name of a collection, or the path where it stands:

| term | what it does | with |
|---|---|---|
| `create` | make a thing | `status`, `rules`, `limits`, `records`, `uploads`, `instead`, `idempotency` |
| `read`, `list` | show one or a page | `by`: the path's parameter; `filters`, `sort`, `page` |
| `update` | put the body's members in | `by` or `by-member`; `how`: `merge` or `replace` |
| `upsert` | the same, or make it | `by`, `how` |
| `delete` | delete | `by`; `answer`: an expression |
| `act` | a transition, or nothing | `by`; `requires`: an expression; `otherwise`: the fault (409); `set`: members |
| `compute` | answer an expression | `facts-of` |

`requires`, `otherwise` and `rules` go with all that have a thing or a body.

**A collection's data**, in `x-mock-collections` by name or path; of one at a path all is optional:

| term | what it says |
|---|---|
| `id` | the member with the id |
| `unknown` | the fault of an id that is not there |
| `members`, `optional-members` | members by expressions of `body`, `id`, `created`; at a path, over the schema's |
| `facts`, `kept-facts` | names for expressions; those that are kept |
| `outcomes`, `default-outcome`, `outcome-when` | how a thing goes on: members `set` `after` a share of `job_seconds` |
| `seeded` | what is there from the start; at a path, whole things |
| `children`, `tally`, `file`, `webhook`, `identifier` | see `lifecycle`, `files`, `wanted` |

**Mistakes** in all this are found at the start (`reviewing`): `vocabulary` says of each word what its value is to be,
in the language of `describing`, and `keeping` compares what is said of things with their schemas. What is met all the
same is a 500 that says what is wrong (`accidents`); things are shown as the data says, also where that breaks the
document.
"""
