#!/usr/bin/env python3
"""A server of models that misbehave, for tests: both dialects, on a loopback port that it prints.

The name of the model says what it does; names joined with + are done one after the other for each
dialect and role, the last for ever: plain, stream, tool, bad (JSON that fits no schema), text (no JSON), 429, 500, slow, cut,
html. It answers as a proposer, critic or judge by a rule, so that a campaign can run: a critic called `strict`
rejects large values and expects little, a prompt with the word BOLD makes larger steps; a proposer called
`editor` changes the first file that it is shown, and a judge holds what has the same title for the same. A second
argument names a file that gets a line per request.
"""
import http.server, json, socket, sys, threading, time

seen = {}
lock = threading.Lock()


def last_request(messages):
    for message in reversed(messages):
        content = message.get("content")
        texts = [content] if isinstance(content, str) else [b.get("text", "") for b in content or []]
        for text in texts:
            try:
                request = json.loads(text)
            except ValueError:
                continue
            # What a tool said is JSON as well; only a question has a role.
            if isinstance(request, dict) and request.get("role") in ("proposer", "critic", "judge"):
                return request
    return {}


def criticise(request, is_strict):
    proposal = request["proposal"]
    history = [h["key"] for h in request.get("history", []) if h["key"] != proposal["key"]]
    numbers = [v for v in proposal.get("parameters", {}).values() if isinstance(v, float)]
    rejects = is_strict and any(v > 0.05 for v in numbers)
    said = {"version": 1, "verdict": "reject" if rejects else "approve", "summary": "nothing speaks against it",
            "objections": [{"kind": "other", "text": "the effect may be small", "cites": history[-1:]},
                           {"kind": "other", "text": "I have a feeling", "cites": ["P9999"]}],
            "prediction": {"outcome": "better", "probability": 0.1 if is_strict else 0.4}}
    criteria = [c["name"] for c in request.get("rubric", {}).get("criteria", [])]
    if criteria:
        said["scores"] = {name: 0.25 if is_strict else 0.75 for name in criteria}
    return said


def answer(request, model, prompt):
    if request.get("role") == "critic":
        return criticise(request, "strict" in model)
    if request.get("role") == "judge":
        return {"version": 1, "summary": "compared by title", "same": [
            {"key": c["key"], "reason": "it has the same title", "probability": 0.9}
            for c in request["candidates"] if c["title"] == request["proposal"]["title"]]}
    if "editor" in model:
        number = request.get("ordinal", 0)
        file = request["files"][0]
        return {"version": 1, "title": f"tidy the loop {number // 2}", "hypothesis": "it reads better",
                "files": [{"path": file["path"], "content": file["content"] + f"# {number}\n"}]}
    knobs = [p for p in request.get("parameters", []) if p["type"] == "number"]
    step = (request.get("ordinal", 0) % 7 + 1) / 8
    if "BOLD" in prompt:
        step = 1 - step / 4
    value = knobs[0]["minimum"] * (knobs[0]["maximum"] / knobs[0]["minimum"]) ** step if knobs else 0
    return {"version": 1, "title": f"try {value:.4g}", "hypothesis": "another value helps",
            "parameters": {knobs[0]["name"]: value} if knobs else {},
            "prediction": {"effect": -0.01, "probability": 0.3}}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, kind="application/json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass  # Whoever asked has given up waiting, which is what `slow` is for.

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = json.loads(body)
        steps = call["model"].removesuffix("editor").split("+")
        request = last_request(call["messages"])
        who = (self.path, call["model"], request.get("role"))
        with lock:
            place = seen.get(who, 0)
            seen[who] = place + 1
            if len(sys.argv) > 2:
                with open(sys.argv[2], "a") as asked:
                    asked.write(call["model"] + "\n")
        step = steps[min(place, len(steps) - 1)]
        prompt = call.get("system") or call["messages"][0].get("content") or ""
        said = json.dumps(answer(request, call["model"], prompt))
        is_open = self.path.endswith("/chat/completions")
        if step == "429":
            return self.reply(429, b'{"error": {"message": "slow down"}}', Retry_After="1")
        if step == "500":
            return self.reply(500, b'{"error": {"message": "oops"}}')
        if step == "slow":
            time.sleep(30)
        if step == "html":
            return self.reply(200, b"<html>gateway</html>", "text/html")
        if step == "text":
            said = "I would rather not."
        if step == "bad":
            said = '{"version": 1, "verdict": "maybe"}'
        if step == "cut":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b'{"choices": [{"mess')
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if step == "stream" and call.get("stream"):
            return self.reply(200, (stream_open if is_open else stream_messages)(said), "text/event-stream")
        has_tools = bool(call.get("tools")) and len(call["messages"]) < 3
        self.reply(200, json.dumps((plain_open if is_open else plain_messages)(
            said, step == "tool" and has_tools)).encode())


LOOK = ("tried_before", {"words": "learning rate"})


def plain_open(said, calls):
    message = {"role": "assistant", "content": said}
    if calls:
        message = {"role": "assistant", "content": None, "tool_calls": [{
            "id": "call_1", "type": "function",
            "function": {"name": LOOK[0], "arguments": json.dumps(LOOK[1])}}]}
    return {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20}}


def plain_messages(said, calls):
    block = {"type": "text", "text": said}
    if calls:
        block = {"type": "tool_use", "id": "call_1", "name": LOOK[0], "input": LOOK[1]}
    return {"type": "message", "role": "assistant", "content": [block],
            "stop_reason": "tool_use" if calls else "end_turn",
            "usage": {"input_tokens": 100, "output_tokens": 20}}


def stream_open(said):
    half = len(said) // 2
    chunks = [{"choices": [{"delta": {"content": part}}]} for part in (said[:half], said[half:])]
    chunks.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    chunks.append({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 20}})
    return "".join(f"data: {json.dumps(c)}\n\n" for c in chunks).encode() + b"data: [DONE]\n\n"


def stream_messages(said):
    events = [{"type": "message_start", "message": {"usage": {"input_tokens": 100, "output_tokens": 1}}},
              {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
              {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": said}},
              {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}},
              {"type": "message_stop"}]
    return "".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n" for e in events).encode()


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
