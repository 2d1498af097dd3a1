"""Users: the shop's customers (reference 3.16)."""

from comptoir.dialects.codecs import DAY_OR_EMPTY, INT_AS_TEXT, SHORT_TEXT, TEXT, TIME_TEXT
from comptoir.dialects.coredna.resource import changer, counter, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.banking.customers.naming import update_customer
from comptoir.domain.customers.actions import remove_customer
from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.models import Customer

USER: Document[Customer] = Document(
    (
        field("id", Customer.id, INT_AS_TEXT, access="r"),
        field("username", Customer.username, SHORT_TEXT, access="r"),
        field("email", Customer.email, SHORT_TEXT, access="ru"),
        field("url", Customer.url, SHORT_TEXT, access="ru"),
        field("gender", Customer.gender, SHORT_TEXT, access="ru"),
        field("dob", Customer.birth_date, DAY_OR_EMPTY, access="ru"),
        field("status", Customer.status, SHORT_TEXT, access="r"),
        field("comment", Customer.comment, TEXT, access="ru"),
        field("created_at", Customer.created_at, TIME_TEXT, access="r"),
        field("updated_at", Customer.updated_at, TIME_TEXT, access="r"),
        field("name.title", Customer.name_title, SHORT_TEXT, access="ru"),
        field("name.firstname", Customer.first_name, SHORT_TEXT, access="ru"),
        field("name.lastname", Customer.last_name, SHORT_TEXT, access="ru"),
        field("name.nickname", Customer.nickname, SHORT_TEXT, access="ru"),
        field("address.country_id", Customer.country_id, SHORT_TEXT, access="ru"),
        field("address.state_id", Customer.state_id, SHORT_TEXT, access="ru"),
        field("address.suburb", Customer.suburb, SHORT_TEXT, access="ru"),
        field("address.city", Customer.city, SHORT_TEXT, access="ru"),
        field("address.postcode", Customer.postcode, SHORT_TEXT, access="ru"),
        field("address.unit", Customer.unit, SHORT_TEXT, access="ru"),
        field("address.address1", Customer.address1, SHORT_TEXT, access="ru"),
        field("address.address2", Customer.address2, SHORT_TEXT, access="ru"),
        field("address.address3", Customer.address3, SHORT_TEXT, access="ru"),
        field("phone.day", Customer.phone_day, SHORT_TEXT, access="ru"),
        field("phone.evening", Customer.phone_evening, SHORT_TEXT, access="ru"),
        field("phone.fax", Customer.phone_fax, SHORT_TEXT, access="ru"),
        field("work.occupation", Customer.occupation, SHORT_TEXT, access="ru"),
        field("work.company", Customer.company, SHORT_TEXT, access="ru"),
        field("work.buscat", Customer.business_category, SHORT_TEXT, access="ru"),
        field("work.jobdpt", Customer.job_department, SHORT_TEXT, access="ru"),
        field("custom.custom1", Customer.custom1, TEXT, access="ru"),
        field("custom.custom2", Customer.custom2, TEXT, access="ru"),
        field("custom.custom3", Customer.custom3, TEXT, access="ru"),
        field("custom.custom4", Customer.custom4, TEXT, access="ru"),
        field("custom.custom5", Customer.custom5, TEXT, access="ru"),
    ),
    missing=CustomerNotFound,
)
USERS = Searchable(USER)

ROUTES = (
    Route("users.get", "GET", "/users/{id}", getter(USER)),
    Route("users.list", "GET", "/users", lister(USER, USERS)),
    Route("users.delete", "DELETE", "/users/{id}", remover(remove_customer, "customer_id")),
    Route("users.update", "PUT", "/users/{id}", changer(USER, update_customer, "customer_id")),
    Route("users.count", "GET", "/users/count", counter(USER, USERS)),
)
