"""The bookshop's website: shows books, lets people log in and order. It keeps nothing: the session is a signed cookie."""

import os

import requests
from authlib.integrations.flask_client import OAuth
from flask import Flask, abort, redirect, render_template, request, session, url_for

API = os.environ["API_URL"]
app = Flask(__name__)
app.secret_key = os.environ["SESSION_KEY"]
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")
login = OAuth(app).register(
    "login",
    client_id=os.environ["OIDC_CLIENT_ID"],
    client_secret=os.environ["OIDC_CLIENT_SECRET"],
    server_metadata_url=f"{os.environ['OIDC_ISSUER']}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email"},
)


def ask(method: str, path: str, **what):
    """Ask the API in the name of the customer."""
    headers = {"Authorization": f"Bearer {session['token']}"} if "token" in session else {}
    answer = requests.request(method, f"{API}{path}", headers=headers, timeout=30, **what)
    if answer.status_code == 401:
        session.clear()
        abort(401)
    return answer


@app.errorhandler(requests.RequestException)
def closed(error):
    app.logger.error("the API does not answer: %r", error)
    return "The shop is closed for a moment. Please come back soon.", 503


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/")
def shelf():
    answer = ask("GET", "/books")
    answer.raise_for_status()
    return render_template("shelf.html", books=answer.json(), name=session.get("name"))


@app.get("/login")
def log_in():
    return login.authorize_redirect(url_for("logged_in", _external=True))


@app.get("/logged-in")
def logged_in():
    token = login.authorize_access_token()
    session["token"], session["name"] = token["id_token"], token["userinfo"].get("name", "")
    return redirect(url_for("shelf"))


@app.post("/orders")
def order():
    if "token" not in session:
        return redirect(url_for("log_in"))
    answer = ask("POST", "/orders", json={
        "address": request.form["address"],
        "lines": [{"isbn": request.form["isbn"], "quantity": int(request.form["quantity"])}],
        "payment_method": request.form["payment_method"],
    })
    return render_template("ordered.html", placed=answer.ok, answer=answer.json()), answer.status_code
